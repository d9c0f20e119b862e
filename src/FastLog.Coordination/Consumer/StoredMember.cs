using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>A member's metadata from and to the value of key type 5.</summary>
internal static class StoredMember
{
    public static MemberMetadata Read(ConsumerGroupMemberMetadataValue value) => new()
    {
        InstanceId = value.InstanceId,
        RackId = value.RackId,
        ClientId = value.ClientId,
        ClientHost = value.ClientHost,
        TopicNames = MemberMetadata.Sort(value.SubscribedTopicNames),
        TopicRegex = value.SubscribedTopicRegex,
        RebalanceTimeoutMs = value.RebalanceTimeoutMs,
        ServerAssignor = value.ServerAssignor,
        Classic = value.ClassicMemberMetadata is { } classic ? ReadClassic(classic) : null,
    };

    public static ConsumerGroupMemberMetadataValue Write(MemberMetadata metadata)
    {
        var value = new ConsumerGroupMemberMetadataValue
        {
            InstanceId = metadata.InstanceId,
            RackId = metadata.RackId,
            ClientId = metadata.ClientId,
            ClientHost = metadata.ClientHost,
            SubscribedTopicRegex = metadata.TopicRegex,
            RebalanceTimeoutMs = metadata.RebalanceTimeoutMs,
            ServerAssignor = metadata.ServerAssignor,
            ClassicMemberMetadata = metadata.Classic is { } classic ? WriteClassic(classic) : null,
        };
        value.SubscribedTopicNames.AddRange(metadata.TopicNames.AsSpan());
        return value;
    }

    private static ClassicMembership ReadClassic(ConsumerGroupMemberMetadataValue.ClassicMember classic) => new(
        classic.SessionTimeoutMs,
        [.. classic.SupportedProtocols.Select(told => new ClassicMemberProtocol(told.Name, told.Metadata.ToArray()))]);

    private static ConsumerGroupMemberMetadataValue.ClassicMember WriteClassic(ClassicMembership classic)
    {
        var value = new ConsumerGroupMemberMetadataValue.ClassicMember { SessionTimeoutMs = classic.SessionTimeoutMs };
        foreach (var protocol in classic.Protocols)
        {
            var entry = value.SupportedProtocols.Add();
            entry.Name = protocol.Name;
            entry.Metadata = protocol.Metadata;
        }

        return value;
    }
}
