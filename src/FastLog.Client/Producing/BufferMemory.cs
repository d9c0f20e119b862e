using System.Threading.Tasks.Sources;

namespace FastLog.Client;

/// <summary>
/// Counts the bytes of records that wait or are on their way, and lets producing wait when they are too many.
/// </summary>
/// <remarks>
/// Waiting ends when half of the memory is free (more, when a large record needs it), not with the first free byte: a producer that is faster than the
/// broker would otherwise be woken once a batch.
/// </remarks>
internal sealed class BufferMemory(long capacityBytes)
{
    private const int PortionBytesMax = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<SpaceWaiter> _waiters = new();
    private readonly Stack<SpaceWaiter> _spareWaiters = new();
    private long _usedBytes;
    private long _refusedBytes;
    private volatile bool _isExhausted;

    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>In what portions to reserve, so that not every record touches the shared count.</summary>
    public int PortionBytes { get; } = (int)Math.Clamp(capacityBytes / 64, 1, PortionBytesMax);

    /// <summary>Somebody waits, so batches go out whatever their linger says.</summary>
    public bool IsExhausted => _isExhausted;

    /// <summary>Half of the memory, or less when that is not enough for what was refused.</summary>
    private long WakeAtBytes => Math.Max(0, Math.Min(capacityBytes / 2, capacityBytes - Volatile.Read(ref _refusedBytes)));

    /// <summary>Takes bytes; what is larger than all memory is let in when nothing else is there.</summary>
    public bool TryReserve(long bytes)
    {
        long used = Interlocked.Add(ref _usedBytes, bytes);
        if (used <= capacityBytes || used == bytes)
        {
            return true;
        }

        Volatile.Write(ref _refusedBytes, bytes);
        _isExhausted = true;
        // Others may have released meanwhile and found too much in use because of this attempt.
        used = Interlocked.Add(ref _usedBytes, -bytes);
        if (used <= WakeAtBytes && HasWaiters())
        {
            WakeAll();
        }

        return false;
    }

    public void Release(long bytes)
    {
        long used = Interlocked.Add(ref _usedBytes, -bytes);
        Invariant.Check(used >= 0, "more buffer memory was released than reserved");
        if (_isExhausted && used <= WakeAtBytes)
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
            if (UsedBytes <= WakeAtBytes)
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
                    Volatile.Write(ref _refusedBytes, 0);
                    return;
                }
            }

            waiter.Wake();
        }
    }

    private bool HasWaiters()
    {
        lock (_gate)
        {
            return _waiters.Count > 0;
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
