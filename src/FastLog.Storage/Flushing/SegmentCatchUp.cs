using System.Diagnostics.CodeAnalysis;

namespace FastLog.Storage;

/// <summary>
/// Syncs the files of logs whose bytes the journal holds, behind the flusher's back: nobody waits for it but the journal
/// for its room. The thread is made at the first need.
/// </summary>
internal sealed class SegmentCatchUp(string name, Action<PartitionLog[]> sync, Action<long> onDone, Action<Exception> onFailure)
{
    private readonly object _gate = new();
    private readonly Queue<(long Number, PartitionLog[] Logs)> _waiting = [];
    private Thread? _thread;
    private bool _isStopping;

    /// <summary>Whether a thread is to do the work; without, a test calls <see cref="RunWaiting"/>.</summary>
    public bool StartsThread { get; init; } = true;

    public void Enqueue(long number, PartitionLog[] logs)
    {
        lock (_gate)
        {
            _waiting.Enqueue((number, logs));
            Monitor.PulseAll(_gate);
            if (_thread is not null || !StartsThread)
                return;
            _thread = new Thread(Run) { Name = "catch-up " + name, IsBackground = true };
            _thread.Start();
        }
    }

    /// <summary>Does what waits on the caller's thread.</summary>
    public void RunWaiting()
    {
        while (TryTake(waits: false, out (long Number, PartitionLog[] Logs) next))
            Do(next);
    }

    /// <summary>Ends the thread after what it is at; what waits is left to the logs' closing.</summary>
    public void Stop()
    {
        Thread? thread;
        lock (_gate)
        {
            _isStopping = true;
            thread = _thread;
            Monitor.PulseAll(_gate);
        }
        if (thread is not null && Thread.CurrentThread != thread)
            thread.Join();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails on this thread, the directory must stop acknowledging.")]
    private void Run()
    {
        try
        {
            while (TryTake(waits: true, out (long Number, PartitionLog[] Logs) next))
                Do(next);
        }
        catch (Exception failure)
        {
            onFailure(failure);
        }
    }

    private void Do((long Number, PartitionLog[] Logs) next)
    {
        sync(next.Logs);
        onDone(next.Number);
    }

    private bool TryTake(bool waits, out (long Number, PartitionLog[] Logs) next)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isStopping && waits)
                Monitor.Wait(_gate);
            return !_isStopping & _waiting.TryDequeue(out next);
        }
    }
}
