namespace FastLog.Load.Committing;

/// <summary>What one group was told to commit, so that it can be held against what it says it has. One thread at a time.
/// </summary>
/// <param name="id">The group's name.</param>
/// <param name="index">Its number among the load's groups: no two groups ever commit the same offset.</param>
/// <param name="partitionsCount">The partitions of every commit; no two of them get the same offset.</param>
/// <param name="start">Commits are numbered from here on; other for each load, so that none takes another's offsets for its
/// own.</param>
internal sealed class CommitGroup(string id, int index, int partitionsCount, long start)
{
    private const int SequenceBits = 40;

    private readonly long _start = start;
    private long _sent = start;
    private long _acknowledged = start;

    /// <summary>The group's name.</summary>
    public string Id => id;

    /// <summary>The number of the next commit.</summary>
    public long Next() => ++_sent;

    /// <summary>The broker has said that a commit is kept.</summary>
    public void Acknowledge(long sequence) => _acknowledged = Math.Max(_acknowledged, sequence);

    /// <summary>What a commit says of a partition.</summary>
    public long OffsetOf(long sequence, int partition) =>
        ((long)index << SequenceBits) + (sequence * partitionsCount) + partition;

    /// <summary>
    /// Says what is wrong with an offset that the broker keeps; null when nothing is. It must be that of the newest
    /// acknowledged commit; later ones that failed or were not answered may be kept as well.
    /// </summary>
    /// <param name="partition">Whose offset.</param>
    /// <param name="kept">What the broker answers; -1 for nothing.</param>
    public string? Judge(int partition, long kept)
    {
        if (_acknowledged == _start)
        {
            // Nothing of this load was acknowledged: whatever is kept may have been there before.
            return null;
        }

        long lowest = OffsetOf(_acknowledged, partition);
        long highest = OffsetOf(_sent, partition);
        bool isRight = kept >= lowest && kept <= highest && (kept - lowest) % partitionsCount == 0;
        return isRight ? null : $"group {id} has {kept} for partition {partition}, but {lowest} was acknowledged last"
            + (highest > lowest ? $" and {highest} sent last" : "");
    }
}
