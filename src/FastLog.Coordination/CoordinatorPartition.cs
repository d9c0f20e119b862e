namespace FastLog.Coordination;

/// <summary>
/// Which partition of <c>__consumer_offsets</c> or <c>__transaction_state</c> keeps a group or a transactional id;
/// the leader of that partition is its coordinator.
/// </summary>
public static class CoordinatorPartition
{
    /// <summary>The partition for a key: the hash of its UTF-16 units, as Java computes it, over the partitions.</summary>
    /// <param name="key">Group id or transactional id.</param>
    /// <param name="partitionCount">Partitions of the coordinator's topic, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no partition.</exception>
    public static int For(string key, int partitionCount)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitionCount, 1);
        var hash = 0;
        foreach (var unit in key)
        {
            hash = unchecked((31 * hash) + unit);
        }

        return (hash & int.MaxValue) % partitionCount;
    }
}
