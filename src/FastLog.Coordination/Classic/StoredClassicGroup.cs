using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>The record of a classic group.</summary>
internal static class StoredClassicGroup
{
    /// <summary>The version that Kafka 4.0 writes; 4, the first with tagged fields, is only read.</summary>
    private const short ValueVersion = 3;

    public static CoordinatorRecord Tombstone(string groupId) =>
        CoordinatorRecord.Of(new GroupMetadataKey { Group = groupId }, null);

    /// <summary>A group that was just made, before anybody has joined.</summary>
    public static CoordinatorRecord New(string groupId, long nowMs) =>
        RecordOf(
            groupId, new GroupMetadataValue { Protocol = null, Leader = null, CurrentStateTimestamp = nowMs });

    public static CoordinatorRecord RecordOf(string groupId, GroupMetadataValue value) =>
        CoordinatorRecord.Of(new GroupMetadataKey { Group = groupId }, value, ValueVersion);

    public static void Add(GroupMetadataValue value, ClassicMemberData member, ReadOnlyMemory<byte> metadata)
    {
        var stored = value.Members.Add();
        stored.MemberId = member.Id;
        stored.GroupInstanceId = member.InstanceId;
        stored.ClientId = member.ClientId;
        stored.ClientHost = member.ClientHost;
        stored.RebalanceTimeout = member.RebalanceTimeoutMs;
        stored.SessionTimeout = member.SessionTimeoutMs;
        stored.Subscription = metadata;
        stored.Assignment = member.Assignment;
    }

    public static ClassicMemberData MemberOf(GroupMetadataValue.MemberMetadata stored, string? protocolName) => new(
        stored.MemberId,
        stored.GroupInstanceId,
        stored.ClientId,
        stored.ClientHost,

        // The first version had no rebalance timeout: the session's was meant for both.
        stored.RebalanceTimeout == -1 ? stored.SessionTimeout : stored.RebalanceTimeout,
        stored.SessionTimeout,
        [new ClassicMemberProtocol(protocolName ?? "", stored.Subscription.ToArray())],
        stored.Assignment.ToArray());
}
