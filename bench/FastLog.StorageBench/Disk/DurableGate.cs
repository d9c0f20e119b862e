using FastLog.Storage;

namespace FastLog.StorageBench.Disk;

/// <summary>Waits until what was appended to a set of logs is durable in all of them.</summary>
internal sealed class DurableGate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private int _pendingCount;
    private Exception? _failure;

    /// <summary>Listens to a log from here on.</summary>
    public void Watch(PartitionLog log) => log.Listener = new Watcher(this);

    /// <summary>So many logs are about to be appended to, each once.</summary>
    public void Begin(int logsCount)
    {
        _open.Reset();
        Volatile.Write(ref _pendingCount, logsCount);
    }

    /// <summary>Appends one batch; <see cref="Wait"/> returns once it is durable.</summary>
    public static void Append(PartitionLog log, byte[] batch)
    {
        Watcher watcher = (Watcher)log.Listener!;
        // Durable may be said before the append returns: the watcher must know by then what it waits for.
        watcher.Expect(log.LogEndOffset);
        AppendResult result = log.Append(new(batch), AppendOrigin.Client, leaderEpoch: 0);
        if (result.Error != AppendError.None)
            throw new IOException($"{log.Partition}: {result.Error} {result.Message}");
    }

    public void Wait()
    {
        _open.Wait();
        if (_failure is not null)
            throw new IOException(_failure.Message, _failure);
    }

    public void Dispose() => _open.Dispose();

    private sealed class Watcher(DurableGate gate) : ILogListener
    {
        private long _beyond = long.MaxValue;

        public void Expect(long endOffsetBefore) => Volatile.Write(ref _beyond, endOffsetBefore);

        public void OnAppended(PartitionLog log, long logEndOffset)
        {
        }

        public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
        {
            long beyond = Volatile.Read(ref _beyond);
            if (durableEndOffset > beyond && Interlocked.CompareExchange(ref _beyond, long.MaxValue, beyond) == beyond
                && Interlocked.Decrement(ref gate._pendingCount) == 0)
            {
                gate._open.Set();
            }
        }

        public void OnFailed(PartitionLog log, Exception failure)
        {
            gate._failure = failure;
            gate._open.Set();
        }
    }
}
