namespace FastLog.Storage;

/// <summary>
/// A segment's log file with a count of those who use it: the log itself holds one reference from birth to removal,
/// every read holds one from <see cref="PartitionLog.Read"/> until its bytes were sent. The last one out closes it, and
/// the indexes with it.
/// </summary>
public sealed class SegmentFile : IDisposable
{
    private readonly OffsetIndex _index;
    private readonly TimeIndex _timeIndex;
    private readonly TransactionIndex _transactions;
    private int _references = 1;

    internal SegmentFile(IFile file, OffsetIndex index, TimeIndex timeIndex, TransactionIndex transactions)
    {
        File = file;
        _index = index;
        _timeIndex = timeIndex;
        _transactions = transactions;
    }

    /// <summary>The open file. Only whoever holds a reference may touch it.</summary>
    public IFile File { get; }

    /// <summary>Takes one more reference; false when the last one is gone already.</summary>
    internal bool TryAcquire()
    {
        int seen = Volatile.Read(ref _references);
        while (seen > 0)
        {
            int before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen)
                return true;
            seen = before;
        }
        return false;
    }

    /// <summary>Gives one reference back. Exactly once per reference.</summary>
    public void Dispose()
    {
        int left = Interlocked.Decrement(ref _references);
        Invariant.Check(left >= 0, "a segment file was released more often than acquired");
        if (left > 0)
            return;
        File.Dispose();
        _index.Dispose();
        _timeIndex.Dispose();
        _transactions.Dispose();
    }
}
