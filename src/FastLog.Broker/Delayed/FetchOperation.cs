using FastLog.Broker.FetchSessions;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;

namespace FastLog.Broker.Delayed;

/// <summary>
/// A fetch request from decoding to answer. It reads, and when there is less than <c>min.bytes</c> it waits for the
/// high watermark of its partitions or for <c>max.wait</c>, then reads again. Reading holds segment leases, waiting
/// holds none.
/// </summary>
/// <remarks>
/// One thread at a time runs the operation. Wake-ups (a partition's flusher thread, the wheel) only mark it and, when
/// it sleeps, queue it to the thread pool: a disk's flusher never serves a fetch.
/// </remarks>
internal sealed class FetchOperation(
    OperationPool<FetchOperation> pool, TimerWheel wheel, ReplicaRegistry replicas, FetchResponses responses)
    : DelayedOperation, IOffsetWaiter, IThreadPoolWorkItem
{
    private enum Phase
    {
        Running,
        Waiting,
        Answered,
    }

    // How often a long wait looks whether anybody is still there to be answered.
    private const long LookUpMs = 5_000;

    private readonly Lock _lock = new();
    private readonly FetchReads _reads = new();
    private RequestContext _context;
    private FetchContext _session;
    private FetchLimits _limits;
    private Phase _phase;
    private bool _woken;
    private bool _expired;
    private bool _timed;
    private long _waitLeftMs;

    /// <summary>What is read; the handler fills in the targets before <see cref="Start"/>.</summary>
    public FetchReads Reads => _reads;

    /// <summary>Begins a new life for one request.</summary>
    public void Begin(in RequestContext context, in FetchContext session, in FetchLimits limits)
    {
        BeginLife();
        _context = context;
        _session = session;
        _limits = limits;
        _phase = Phase.Running;
        _woken = false;
        _expired = limits.MaxWaitMs <= 0;
        _timed = false;
        _waitLeftMs = limits.MaxWaitMs;
        _reads.Clear();
    }

    /// <summary>Reads and answers, now or later. The caller must not touch the operation afterwards.</summary>
    public void Start() => Run();

    void IThreadPoolWorkItem.Execute()
    {
        StopWaiting();
        Run();
    }

    void IOffsetWaiter.OnOffsetReached(Partition partition) => Wake(expired: false);

    void IOffsetWaiter.OnPartitionFailed(Partition partition, ErrorCode error) => Wake(expired: false);

    internal override bool EndsWithBroker => true;

    internal override void OnDeadline()
    {
        lock (_lock)
        {
            var goesOn = _phase != Phase.Answered && _waitLeftMs > 0
                && !wheel.IsStopping && !_context.Connection.IsClosed;
            if (goesOn)
            {
                ScheduleNext();
                return;
            }
        }

        Wake(expired: true);
    }

    private protected override void ReturnToPool()
    {
        _context = default;
        _session = default;
        pool.Return(this);
    }

    private void Run()
    {
#pragma warning disable CA1031 // Whatever a fetch meets ends its own connection, not the thread that many share.
        try
        {
            if (!ReadOrWait())
            {
                return;
            }
        }
        catch (Exception e)
        {
            Abort(e);
            return;
        }
#pragma warning restore CA1031

        End();
        responses.Send(_context, _session, _reads);
        Release();
    }

    /// <summary>True: there is something to answer. False: the operation waits, and belongs to whoever wakes it.</summary>
    private bool ReadOrWait()
    {
        while (true)
        {
            bool final;
            lock (_lock)
            {
                _woken = false;
                final = _expired;
            }

            var satisfied = _reads.ReadAll(replicas, _limits);
            if (satisfied || final)
            {
                return true;
            }

            _reads.ReleaseLeases();
            StartTimer();
            if (Wait())
            {
                return false;
            }

            StopWaiting();
        }
    }

    /// <summary>Registers for news of every partition. True: somebody will wake the operation; false: read again.</summary>
    private bool Wait()
    {
        foreach (ref readonly var read in _reads.All)
        {
            if (read.Partition is not { } partition)
            {
                continue;
            }

            Hold();
            var waits = _limits.ReadCommitted
                ? partition.TryWaitForLastStable(this, read.LastStableOffset + 1)
                : partition.TryWaitForHighWatermark(this, read.HighWatermark + 1);
            if (!waits)
            {
                Release();
                return false;
            }
        }

        lock (_lock)
        {
            if (_woken || _expired)
            {
                return false;
            }

            _phase = Phase.Waiting;
            return true;
        }
    }

    private void StartTimer()
    {
        if (!_timed)
        {
            _timed = true;
            _context.Response.MarkWaiting();
            Hold();
            ScheduleNext();
        }
    }

    private void ScheduleNext()
    {
        var delayMs = Math.Min(_waitLeftMs, LookUpMs);
        _waitLeftMs -= delayMs;
        wheel.Schedule(this, wheel.IsStopping ? 0 : delayMs);
    }

    private void StopWaiting()
    {
        foreach (ref readonly var read in _reads.All)
        {
            if (read.Partition is { } partition)
            {
                // Counted, since a request may name a partition twice and then waits there twice.
                Release(partition.RemoveWaiter(this));
            }
        }
    }

    private void Wake(bool expired)
    {
        bool queue;
        lock (_lock)
        {
            _expired |= expired;
            _woken = true;
            queue = _phase == Phase.Waiting;
            if (queue)
            {
                _phase = Phase.Running;
            }
        }

        if (queue)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        Release();
    }

    private void Abort(Exception reason)
    {
        StopWaiting();
        End();
        _reads.ReleaseLeases();
        _context.Response.CloseConnection($"Fetch failed: {reason}");
        Release();
    }

    private void End()
    {
        lock (_lock)
        {
            Invariant.Check(_phase == Phase.Running, "a fetch is answered by the thread that runs it");
            _phase = Phase.Answered;
        }

        if (_timed && wheel.Cancel(this))
        {
            Release();
        }
    }
}

/// <summary>Limits of one fetch.</summary>
/// <param name="MinBytes">Answer only with at least so many bytes, unless time is up.</param>
/// <param name="MaxBytes">Stop adding records past so many bytes; the first batch always goes.</param>
/// <param name="MaxWaitMs">How long to wait for <paramref name="MinBytes"/>, milliseconds.</param>
/// <param name="ReadCommitted">Read up to the last stable offset instead of the high watermark.</param>
/// <param name="MayHaveZstd">Whether the client's version can have zstd batches; topics of that type refuse others.</param>
internal readonly record struct FetchLimits(
    int MinBytes, int MaxBytes, int MaxWaitMs, bool ReadCommitted, bool MayHaveZstd);
