using System.Diagnostics.CodeAnalysis;

namespace FastLog.Storage;

/// <summary>
/// One thread per log directory that syncs for everybody: it takes all logs that became dirty while it was busy with
/// the ones before, commits them in one <see cref="CommitRound"/> and thereby completes all that was appended to them
/// meanwhile. When nothing waits, a single append is committed at once; the more wait, the more one sync covers. Whether
/// that is a sync of the commit journal or of the logs' own files is the round's choice, also for a log alone. After a
/// failure it stops: fsync is never tried again. Nothing is allocated once the lists have grown.
/// </summary>
internal sealed class GroupCommitFlusher
{
    private readonly object _gate = new();
    private readonly Action _beforeRound;
    private readonly CommitRound _round;
    private readonly Action<Exception> _onFailure;
    private readonly Thread _thread;
    private List<PartitionLog> _waiting = [];
    private List<PartitionLog> _flushing = [];
    private bool _isBusy;
    private bool _isStopping;
    private CommitMetrics? _metrics;
    private long _roundsCount;
    private long _flushesCount;

    public GroupCommitFlusher(string name, CommitJournal? journal, Action beforeRound, Action<Exception> onFailure)
    {
        _beforeRound = beforeRound;
        _round = new CommitRound(journal);
        _onFailure = onFailure;
        _thread = new Thread(Run) { Name = "flusher " + name, IsBackground = true };
    }

    /// <summary>Group commits so far.</summary>
    public long RoundsCount => Volatile.Read(ref _roundsCount);

    /// <summary>Logs committed so far, over all rounds, in the journal or in their files.</summary>
    public long FlushesCount => Volatile.Read(ref _flushesCount);

    /// <summary>What the rounds did, by the way they took.</summary>
    public CommitRound Round => _round;

    /// <summary>Where every round is noted; null while nobody asks.</summary>
    public CommitMetrics? Metrics
    {
        get => Volatile.Read(ref _metrics);
        set => Volatile.Write(ref _metrics, value);
    }

    public void Start() => _thread.Start();

    public void Enqueue(PartitionLog log)
    {
        if (!log.TryQueue())
            return;
        lock (_gate)
        {
            _waiting.Add(log);
            if (_waiting.Count == 1)
                Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Does what waits now on the caller's thread; for a flusher that was not started, where a test is the clock.</summary>
    public void RunWaiting()
    {
        Invariant.Check(!_thread.IsAlive, "a flusher with a thread flushes by itself");
        try
        {
            while (TakeRound(waits: false))
                FlushRound();
        }
        catch (DiskException failure)
        {
            _onFailure(failure);
        }
    }

    /// <summary>Returns when all that was dirty at the call is committed, or the flusher stopped.</summary>
    public void WaitUntilIdle()
    {
        lock (_gate)
        {
            while ((_isBusy || _waiting.Count > 0) && !_isStopping)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>Ends the thread after the round it is in. What still waits is left to the logs' closing.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
        }
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
            _thread.Join();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails on this thread, the directory must stop acknowledging.")]
    private void Run()
    {
        try
        {
            while (TakeRound(waits: true))
                FlushRound();
        }
        catch (Exception failure)
        {
            lock (_gate)
            {
                _isStopping = true;
                _isBusy = false;
                Monitor.PulseAll(_gate);
            }
            _onFailure(failure);
        }
    }

    private void FlushRound()
    {
        CommitMetrics? metrics = Metrics;
        long started = metrics?.Begin() ?? 0;
        _beforeRound();
        _round.Commit(_flushing);
        metrics?.Record(started, _flushing.Count, _round.LastRoundBytes);
        Volatile.Write(ref _flushesCount, _flushesCount + _flushing.Count);
        Volatile.Write(ref _roundsCount, _roundsCount + 1);
    }

    private bool TakeRound(bool waits)
    {
        lock (_gate)
        {
            _isBusy = false;
            if (_waiting.Count == 0)
                Monitor.PulseAll(_gate);
            while (_waiting.Count == 0 && !_isStopping && waits)
                Monitor.Wait(_gate);
            if (_isStopping || _waiting.Count == 0)
                return false;
            _isBusy = true;
            _flushing.Clear();
            (_waiting, _flushing) = (_flushing, _waiting);
            return true;
        }
    }
}
