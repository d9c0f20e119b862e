namespace FastLog.Coordination.Consumer;

/// <summary>The records that take a group, or one member of it, out of the log.</summary>
internal static class GroupTombstones
{
    /// <summary>For all of the group, in Kafka's order: what refers to members first, the group itself last.</summary>
    public static IEnumerable<CoordinatorRecord> Of(GroupState group)
    {
        var groupId = group.GroupId;
        foreach (var memberId in group.Members.Keys)
        {
            yield return ConsumerRecords.Current(groupId, memberId, null);
        }

        foreach (var memberId in group.Members.Keys)
        {
            yield return ConsumerRecords.Target(groupId, memberId, null);
        }

        yield return ConsumerRecords.TargetEpoch(groupId, null);
        foreach (var memberId in group.Members.Keys)
        {
            yield return ConsumerRecords.Member(groupId, memberId, null);
        }

        yield return ConsumerRecords.Topics(groupId, null);
        foreach (var regex in group.Regexes.Keys)
        {
            yield return ConsumerRecords.Regex(groupId, regex, null);
        }

        yield return ConsumerRecords.GroupTombstone(groupId);
    }

    /// <summary>For one member.</summary>
    public static IEnumerable<CoordinatorRecord> Of(string groupId, string memberId) =>
    [
        ConsumerRecords.Current(groupId, memberId, null),
        ConsumerRecords.Target(groupId, memberId, null),
        ConsumerRecords.Member(groupId, memberId, null),
    ];
}
