using FastLog.Storage;

namespace FastLog.StorageBench.Disk;

/// <summary>Lets so many appends to one log be on their way to the disk, as a producer has requests in flight.</summary>
internal sealed class DurableWindow : ILogListener
{
    private readonly object _gate = new();
    private readonly PartitionLog _log;
    private long _durableEndOffset;
    private Exception? _failure;

    public DurableWindow(PartitionLog log)
    {
        _log = log;
        log.Listener = this;
    }

    /// <summary>Appends one batch and says where the log ends behind it.</summary>
    public long Append(byte[] batch)
    {
        AppendResult result = _log.Append(new(batch), AppendOrigin.Client, leaderEpoch: 0);
        return result.Error == AppendError.None
            ? result.LastOffset + 1
            : throw new IOException($"{_log.Partition}: {result.Error} {result.Message}");
    }

    /// <summary>Returns once all below the offset is durable.</summary>
    public void WaitFor(long endOffset)
    {
        lock (_gate)
        {
            while (_durableEndOffset < endOffset && _failure is null)
                Monitor.Wait(_gate);
        }
        if (_failure is not null)
            throw new IOException(_failure.Message, _failure);
    }

    public void OnAppended(PartitionLog log, long logEndOffset)
    {
    }

    public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
    {
        lock (_gate)
        {
            _durableEndOffset = Math.Max(_durableEndOffset, durableEndOffset);
            Monitor.PulseAll(_gate);
        }
    }

    public void OnFailed(PartitionLog log, Exception failure)
    {
        lock (_gate)
        {
            _failure = failure;
            Monitor.PulseAll(_gate);
        }
    }
}
