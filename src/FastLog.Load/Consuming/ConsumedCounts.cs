using FastLog.Load.Measuring;

namespace FastLog.Load.Consuming;

/// <summary>What all consumers of a load have read, and who waits for how much of it.</summary>
internal sealed class ConsumedCounts
{
    private long _recordsCount;
    private long _bytesCount;
    private long _partsCount;
    private long _lastAtNs;
    private Awaited? _awaited;

    /// <summary>Records read.</summary>
    public long RecordsCount => Interlocked.Read(ref _recordsCount);

    /// <summary>Bytes of their values.</summary>
    public long BytesCount => Interlocked.Read(ref _bytesCount);

    /// <summary>How often a fetch brought records of a partition.</summary>
    public long PartsCount => Interlocked.Read(ref _partsCount);

    /// <summary>When the last of them were read.</summary>
    public long LastAtNs => Interlocked.Read(ref _lastAtNs);

    /// <summary>Records of one partition were read.</summary>
    public void Add(long records, long bytes)
    {
        Interlocked.Add(ref _bytesCount, bytes);
        Interlocked.Increment(ref _partsCount);
        Interlocked.Exchange(ref _lastAtNs, MonotonicClock.NowNs);
        long all = Interlocked.Add(ref _recordsCount, records);
        Volatile.Read(ref _awaited)?.Judge(all);
    }

    /// <summary>Completes when so many records were read in all. One at a time waits.</summary>
    public Task ReachAsync(long recordsCount)
    {
        Awaited awaited = new(recordsCount);
        // Whoever counts meanwhile sees who waits, or is seen here.
        Interlocked.Exchange(ref _awaited, awaited);
        awaited.Judge(RecordsCount);
        return awaited.Reached;
    }

    private sealed class Awaited(long recordsCount)
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public void Judge(long count)
        {
            if (count >= recordsCount)
            {
                _reached.TrySetResult();
            }
        }
    }
}
