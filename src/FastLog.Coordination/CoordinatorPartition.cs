namespace FastLog.Coordination;

/// <summary>
/// Which partition of <c>__consumer_offsets</c> or <c>__transaction_state</c> keeps a group or a transactional id;
/// the leader of that partition is its coordinator.
/// </summary>
public static class CoordinatorPartition
{
    /// <summary>
    /// The partition for a key: the magnitude of the hash of its UTF-16 units, as Java computes it, over the partitions.
    /// (Other hashes of Kafka lose their sign bit instead; a group would be looked for in another partition that way.)
    /// </summary>
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

        return hash == int.MinValue ? 0 : Math.Abs(hash) % partitionCount;
    }
}
