namespace FastLog.Client;

/// <summary>How the leader of a classic group divides partitions among members. Without state: the same input gives the
/// same answer.</summary>
internal abstract class PartitionAssignor
{
    /// <summary>Kafka's name for it, which members agree on.</summary>
    public abstract string Name { get; }

    /// <summary>Whether members may keep what they own during a rebalance (KIP-429).</summary>
    public virtual bool IsCooperative => false;

    public static PartitionAssignor For(AssignmentStrategy strategy) => strategy switch
    {
        AssignmentStrategy.Range => new RangeAssignor(),
        AssignmentStrategy.RoundRobin => new RoundRobinAssignor(),
        AssignmentStrategy.CooperativeSticky => new CooperativeStickyAssignor(),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy)),
    };

    /// <summary>What a member adds to its subscription for the leader.</summary>
    public virtual ReadOnlyMemory<byte>? UserData(int generation) => null;

    /// <summary>Divides all partitions of topics that somebody subscribes to.</summary>
    /// <param name="members">The members, in any order.</param>
    /// <param name="partitionCounts">How many partitions each topic has; topics that do not exist are missing.</param>
    /// <returns>What each member gets, with an entry for each of them.</returns>
    public Dictionary<string, List<TopicAndPartition>> Assign(
        IReadOnlyCollection<AssignorMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        List<AssignorMember> sorted = [.. members];
        sorted.Sort(AssignorMember.Compare);
        Dictionary<string, List<TopicAndPartition>> assigned = sorted.ToDictionary(
            member => member.MemberId, _ => new List<TopicAndPartition>(), StringComparer.Ordinal);
        List<string> topics = [.. sorted.SelectMany(member => member.Topics)
            .Distinct(StringComparer.Ordinal).Where(partitionCounts.ContainsKey).Order(StringComparer.Ordinal)];
        Divide(sorted, topics, partitionCounts, assigned);
        return assigned;
    }

    /// <summary>Fills <paramref name="assigned"/>.</summary>
    protected abstract void Divide(
        List<AssignorMember> members,
        List<string> topics,
        IReadOnlyDictionary<string, int> partitionCounts,
        Dictionary<string, List<TopicAndPartition>> assigned);
}
