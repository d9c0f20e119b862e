using System.Threading.Tasks.Sources;

namespace FastLog.Client;

/// <summary>
/// Counts the bytes of records that wait or are on their way, and lets producing wait when they are too many.
/// </summary>
/// <remarks>
/// Waiting ends when half of the memory is free, not with the first free byte: a producer that is faster than the
/// broker would otherwise be woken once a batch.
/// </remarks>
internal sealed class BufferMemory(long capacityBytes)
{
    private readonly Lock _gate = new();
    private readonly Queue<SpaceWaiter> _waiters = new();
    private readonly Stack<SpaceWaiter> _spareWaiters = new();
    private readonly long _wakeAtBytes = capacityBytes / 2;
    private long _usedBytes;
    private volatile bool _isExhausted;

    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Somebody waits, so batches go out whatever their linger says.</summary>
    public bool IsExhausted => _isExhausted;

    /// <summary>Takes bytes; what is larger than all memory is let in when nothing else is there.</summary>
    public bool TryReserve(long bytes)
    {
        long used = Interlocked.Add(ref _usedBytes, bytes);
        if (used <= capacityBytes || used == bytes)
        {
            return true;
        }

        _isExhausted = true;
        Release(bytes);
        return false;
    }

    public void Release(long bytes)
    {
        long used = Interlocked.Add(ref _usedBytes, -bytes);
        Invariant.Check(used >= 0, "more buffer memory was released than reserved");
        if (_isExhausted && used <= _wakeAtBytes)
        {
            WakeAll();
        }
    }

    /// <summary>Completes when there is room again; at once when there is.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SpaceWaiter waiter;
        lock (_gate)
        {
            // The flag goes up before the count is read, and Release reads it after it changed the count:
            // either this sees the room or Release sees the flag.
            _isExhausted = true;
            if (UsedBytes <= _wakeAtBytes)
            {
                _isExhausted = _waiters.Count > 0;
                return default;
            }

            waiter = _spareWaiters.TryPop(out SpaceWaiter? spare) ? spare : new SpaceWaiter(this);
            waiter.Arm();
            _waiters.Enqueue(waiter);
        }

        return waiter.WaitAsync(cancellationToken);
    }

    private void WakeAll()
    {
        while (true)
        {
            SpaceWaiter? waiter;
            lock (_gate)
            {
                if (!_waiters.TryDequeue(out waiter))
                {
                    _isExhausted = false;
                    return;
                }
            }

            waiter.Wake();
        }
    }

    private void TakeBack(SpaceWaiter waiter)
    {
        lock (_gate)
        {
            _spareWaiters.Push(waiter);
        }
    }

    /// <summary>One wait; reused when both the wake-up and the waiting side are done with it.</summary>
    private sealed class SpaceWaiter(BufferMemory memory) : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
        private CancellationTokenRegistration _cancellation;
        private CancellationToken _cancellationToken;
        private int _isDecided;
        private int _sidesLeft;

        public void Arm()
        {
            _core.Reset();
            _isDecided = 0;
            _sidesLeft = 2;
        }

        public ValueTask WaitAsync(CancellationToken cancellationToken)
        {
            short version = _core.Version;
            _cancellationToken = cancellationToken;
            _cancellation = cancellationToken.UnsafeRegister(static state => ((SpaceWaiter)state!).Cancel(), this);
            return new ValueTask(this, version);
        }

        public void Wake()
        {
            if (Interlocked.Exchange(ref _isDecided, 1) == 0)
            {
                _core.SetResult(true);
            }

            LeaveOneSide();
        }

        public void GetResult(short token)
        {
            try
            {
                _core.GetResult(token);
            }
            finally
            {
                _cancellation.Dispose();
                _cancellation = default;
                LeaveOneSide();
            }
        }

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(
            Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);

        private void Cancel()
        {
            if (Interlocked.Exchange(ref _isDecided, 1) == 0)
            {
                _core.SetException(new OperationCanceledException(_cancellationToken));
            }
        }

        private void LeaveOneSide()
        {
            if (Interlocked.Decrement(ref _sidesLeft) == 0)
            {
                memory.TakeBack(this);
            }
        }
    }
}
