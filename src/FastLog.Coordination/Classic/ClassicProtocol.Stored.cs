using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Groups from records, and groups that were consumer groups.</summary>
public sealed partial class ClassicProtocol
{
    /// <summary>
    /// A record of the log: takes the place of the group of that id, of whatever kind it was; a tombstone removes a
    /// classic group. Deadlines are set by <see cref="Group.OnLoaded"/> or <see cref="OnDowngraded"/>.
    /// </summary>
    /// <param name="key">The group.</param>
    /// <param name="value">Its generation; null for a tombstone.</param>
    public void Replay(GroupMetadataKey key, GroupMetadataValue? value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (context.Groups.Find(key.Group) is ClassicGroup group)
        {
            group.Retire();
            context.Groups.Remove(group);
        }

        if (value is not null)
        {
            context.Groups.Put(new ClassicGroup(key.Group, this, value));
        }
    }

    /// <summary>
    /// The record with which a consumer group goes on as a classic group. To be written with <see cref="Turn.Write"/>
    /// after the consumer group's tombstones, and followed by <see cref="OnDowngraded"/> once it is replayed.
    /// </summary>
    /// <param name="groupId">The group.</param>
    /// <param name="generation">Its generation: the epoch of the consumer group.</param>
    /// <param name="nowMs">The time, in milliseconds since 1970.</param>
    /// <param name="members">Its members, with a protocol in common unless there are none.</param>
    /// <exception cref="ArgumentException">The members have no protocol in common.</exception>
    public static CoordinatorRecord DowngradeRecord(
        string groupId, int generation, long nowMs, IReadOnlyList<ClassicMemberData> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var protocolName = ClassicMemberProtocol.Vote([.. members.Select(static member => member.Protocols)]);
        if (protocolName is null && members.Count > 0)
        {
            throw new ArgumentException("The members have no protocol in common.", nameof(members));
        }

        var value = new GroupMetadataValue
        {
            ProtocolType = ClassicGroup.ConsumerProtocolType,
            Generation = generation,
            Protocol = protocolName,
            Leader = members.Count == 0 ? null : members[0].Id,
            CurrentStateTimestamp = nowMs,
        };
        foreach (var member in members)
        {
            var selected = member.Protocols.First(protocol => protocol.Name == protocolName);
            StoredClassicGroup.Add(value, member, selected.Metadata);
        }

        return StoredClassicGroup.RecordOf(groupId, value);
    }

    /// <summary>
    /// A consumer group has just become this classic group: starts its members' sessions and has them rejoin. Writes
    /// nothing, so that it may follow the append.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="group">The group, as it was replayed.</param>
    /// <param name="members">The members of the record: all that they support, of which the record tells one protocol only.</param>
    public void OnDowngraded(Turn turn, ClassicGroup group, IReadOnlyList<ClassicMemberData> members)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(members);
        foreach (var data in members)
        {
            if (group.FindMember(data.Id) is { } member)
            {
                group.Update(member, data.Protocols, data.RebalanceTimeoutMs, data.SessionTimeoutMs);
                RestartSession(turn, member);
            }
        }

        if (group.Members.Count > 0)
        {
            PrepareRebalance(turn, group);
        }
    }

    internal void OnLoaded(Turn turn, ClassicGroup group)
    {
        foreach (var member in group.Members)
        {
            RestartSession(turn, member);
        }

        if (group.Members.Count > context.Options.ClassicMembersMax)
        {
            PrepareRebalance(turn, group);
        }
    }
}
