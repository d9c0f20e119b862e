namespace FastLog.Broker.Delayed;

/// <summary>
/// Deadlines of waiting requests: a hashed wheel of buckets, one tick of <see cref="TickMs"/> each. Most operations
/// are cancelled long before their deadline (a produce is acknowledged, a fetch is woken), so scheduling and
/// cancelling are O(1) and allocate nothing; deadlines beyond one turn of the wheel just stay in their bucket for
/// another turn.
/// </summary>
/// <remarks>
/// The wheel itself reads no clock: <see cref="Advance"/> is told the time. <see cref="Run"/> is the thin shell that
/// does so from a background thread, which sleeps until the first bucket that holds anything.
/// Lock order: the wheel's lock is a leaf, no other lock is taken inside it.
/// </remarks>
public sealed class TimerWheel : IDisposable
{
    /// <summary>Length of one tick, milliseconds: how late a deadline may be noticed.</summary>
    public const int TickMs = 5;

    private const int BucketCount = 1024;

    private readonly Lock _lock = new();
    private readonly TimedOperation?[] _buckets = new TimedOperation?[BucketCount];
    private readonly TimeProvider _time;
    private readonly long _startTimestamp;
    private readonly ManualResetEventSlim _wakeUp = new();
    private readonly CancellationTokenSource _stopping = new();
    private Thread? _thread;
    private long _currentTick;

    // The tick up to which the thread means to sleep: only an earlier deadline has to wake it.
    private long _wakeTick = long.MaxValue;
    private int _count;
    private bool _isStopping;

    /// <summary>Creates a wheel whose time starts now.</summary>
    public TimerWheel(TimeProvider time)
    {
        _time = time;
        _startTimestamp = time.GetTimestamp();
    }

    /// <summary>Operations that are scheduled at present.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether the broker stops: nobody should begin to wait for long.</summary>
    internal bool IsStopping => Volatile.Read(ref _isStopping);

    /// <summary>Starts the thread that advances the wheel with the clock.</summary>
    public void Run()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "fastlog-deadlines" };
        _thread.Start();
    }

    /// <summary>Schedules an operation that is not in the wheel.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="delayMs">Milliseconds from now; less than one tick counts as one tick.</param>
    internal void Schedule(TimedOperation operation, long delayMs)
    {
        var dueMs = ElapsedMs() + Math.Max(delayMs, 0);
        bool isEarlier;
        lock (_lock)
        {
            Invariant.Check(operation.DueTick < 0, "an operation is scheduled once at a time");
            operation.DueTick = Math.Max((dueMs + TickMs - 1) / TickMs, _currentTick + 1);
            ref var head = ref _buckets[operation.DueTick % BucketCount];
            operation.Next = head;
            if (head is not null)
            {
                head.Previous = operation;
            }

            head = operation;
            _count++;
            isEarlier = operation.DueTick < _wakeTick;
            _wakeTick = Math.Min(_wakeTick, operation.DueTick);
        }

        if (isEarlier)
        {
            _wakeUp.Set();
        }
    }

    /// <summary>
    /// Takes an operation out. True: its deadline will not be called. False: it was not scheduled, or its
    /// deadline has been or is about to be called.
    /// </summary>
    internal bool Cancel(TimedOperation operation)
    {
        lock (_lock)
        {
            if (operation.DueTick < 0)
            {
                return false;
            }

            Unlink(operation);
            return true;
        }
    }

    /// <summary>Moves the wheel to <paramref name="elapsedMs"/> since its start and calls what has become due.</summary>
    internal void Advance(long elapsedMs)
    {
        TimedOperation? due = null;
        lock (_lock)
        {
            var targetTick = elapsedMs / TickMs;
            // More than one turn behind (the thread slept): every bucket is visited once, which is enough.
            var firstTick = Math.Max(_currentTick + 1, targetTick - BucketCount + 1);
            for (var tick = firstTick; tick <= targetTick; tick++)
            {
                due = TakeDue(_buckets[tick % BucketCount], targetTick, due);
            }

            _currentTick = Math.Max(_currentTick, targetTick);
        }

        CallAll(due);
    }

    /// <summary>The broker stops: calls the deadlines of operations that end with it, whenever they were due.</summary>
    internal void Stop()
    {
        TimedOperation? due = null;
        lock (_lock)
        {
            _isStopping = true;
            foreach (var bucket in _buckets)
            {
                for (var operation = bucket; operation is not null;)
                {
                    var next = operation.Next;
                    due = operation.EndsWithBroker ? Take(operation, due) : due;
                    operation = next;
                }
            }
        }

        CallAll(due);
    }

    /// <summary>Stops the thread; what is still scheduled is never called.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _wakeUp.Set();
        _thread?.Join();
        _stopping.Dispose();
        _wakeUp.Dispose();
    }

    private static void CallAll(TimedOperation? due)
    {
        while (due is not null)
        {
            var next = due.Next;
            due.Next = null;
            due.OnDeadline();
            due = next;
        }
    }

    private TimedOperation? TakeDue(TimedOperation? bucket, long targetTick, TimedOperation? due)
    {
        for (var operation = bucket; operation is not null;)
        {
            var next = operation.Next;
            if (operation.DueTick <= targetTick)
            {
                due = Take(operation, due);
            }

            operation = next;
        }

        return due;
    }

    private TimedOperation Take(TimedOperation operation, TimedOperation? due)
    {
        Unlink(operation);
        operation.Next = due;
        return operation;
    }

    private void Unlink(TimedOperation operation)
    {
        if (operation.Previous is { } previous)
        {
            previous.Next = operation.Next;
        }
        else
        {
            _buckets[operation.DueTick % BucketCount] = operation.Next;
        }

        if (operation.Next is { } next)
        {
            next.Previous = operation.Previous;
        }

        operation.Next = null;
        operation.Previous = null;
        operation.DueTick = -1;
        _count--;
    }

    private long ElapsedMs() => (long)_time.GetElapsedTime(_startTimestamp).TotalMilliseconds;

    private void Loop()
    {
        while (true)
        {
            // Reset first: whatever is scheduled, or asks to stop, from here on is seen below or sets the event again.
            _wakeUp.Reset();
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            _wakeUp.Wait(PlanSleepMs());
            Advance(ElapsedMs());
        }
    }

    /// <summary>Time to the first bucket that holds anything; for ever when none does.</summary>
    private int PlanSleepMs()
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                _wakeTick = long.MaxValue;
                return Timeout.Infinite;
            }

            _wakeTick = _currentTick + 1;
            while (_buckets[_wakeTick % BucketCount] is null)
            {
                _wakeTick++;
            }

            return (int)Math.Max((_wakeTick * TickMs) - ElapsedMs(), 1);
        }
    }
}
