namespace FastLog.Coordination.Assignors;

/// <summary>
/// "uniform": members get as equal numbers of partitions as their subscriptions allow, and keep of what they have as much
/// as that permits. When all subscribe to the same topics, the numbers differ by one at most and no partition moves that
/// could stay.
/// </summary>
public sealed class UniformAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "uniform";

    /// <inheritdoc/>
    public GroupAssignment Assign(GroupSpec group, ITopicShapes topics)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(topics);
        var subscriptions = SubscriptionTable.Of(group, topics);
        var shares = new PartitionShares(subscriptions);
        shares.KeepPresent(group);
        shares.GiveOutUnowned();
        new ShareBalancing(subscriptions, shares).Run();

        var targets = new Dictionary<string, TopicPartitionSet>(group.Members.Count);
        for (var member = 0; member < subscriptions.MemberIds.Length; member++)
        {
            var memberId = subscriptions.MemberIds[member];
            var present = group.Members[memberId].Assigned;
            var target = shares.TargetOf(member);
            targets.Add(memberId, target.Equals(present) ? present : target);
        }

        return new GroupAssignment(targets);
    }
}
