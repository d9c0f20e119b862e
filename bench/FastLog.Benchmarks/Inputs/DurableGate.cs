using FastLog.Storage;

namespace FastLog.Benchmarks.Inputs;

/// <summary>Waits until everything appended to some logs is durable. One thread appends and waits; the flusher opens.</summary>
internal sealed class DurableGate : ILogListener, IDisposable
{
    private readonly PartitionLog[] _logs;
    private readonly ManualResetEventSlim _signal = new();
    private Exception? _failure;

    public DurableGate(PartitionLog[] logs)
    {
        _logs = logs;
        Array.ForEach(logs, log => log.Listener = this);
    }

    public void Wait()
    {
        foreach (PartitionLog log in _logs)
        {
            while (log.DurableEndOffset < log.LogEndOffset)
            {
                if (_failure is { } failure)
                {
                    throw new IOException("The log directory failed.", failure);
                }

                _signal.Wait();
                _signal.Reset();
            }
        }
    }

    public void OnAppended(PartitionLog log, long logEndOffset)
    {
    }

    public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset) => _signal.Set();

    public void OnFailed(PartitionLog log, Exception failure)
    {
        Volatile.Write(ref _failure, failure);
        _signal.Set();
    }

    public void Dispose() => _signal.Dispose();
}
