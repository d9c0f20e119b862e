namespace FastLog.Network;

/// <summary>
/// The pending responses of one connection in the order of their requests: who may read on, who may send, and when.
/// </summary>
/// <remarks>
/// <para>A state machine under one short lock. No user code, socket call or wake-up happens inside of it.</para>
/// <para>There is at most one sending loop; the flag <c>_sending</c> is its ownership. While the read loop is in a pass
/// over received frames nobody else starts the sending: the end of the pass does, on the read loop's own thread, so that
/// all of the pass leaves together. Outside of a pass the completing thread only queues the start to the thread pool,
/// since it may be the disk's flusher.</para>
/// </remarks>
internal sealed class ResponseQueue(Connection connection, RequestBytesBudget budget, NetworkOptions options)
    : IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private readonly WakeSignal _senderWake = new(continuesOnPool: false);
    private readonly WakeSignal _readerWake = new(continuesOnPool: true);
    private PendingResponse? _head;
    private PendingResponse? _tail;
    private int _count;
    private long _bytes;
    private bool _sending;
    private bool _inPass;
    private bool _readerWaits;
    private bool _draining;
    private bool _closed;

    public Connection Connection => connection;

    /// <summary>Guarded by the gate of the budget.</summary>
    public bool IsWaitingForBudget { get; set; }

    /// <summary>Requests taken and not yet answered.</summary>
    public int Count => Volatile.Read(ref _count);

    public bool IsClosed => Volatile.Read(ref _closed);

    public bool IsDraining => Volatile.Read(ref _draining);

    /// <summary>Whether a send is under way, so that a silent connection has a peer that does not read.</summary>
    public bool IsSending => Volatile.Read(ref _sending);

    /// <summary>Asks whether bytes may be taken in; on <see cref="Admission.Wait"/> await the reader's signal.</summary>
    /// <param name="bytes">What to charge against the bound of all connections.</param>
    public Admission TryCharge(long bytes)
    {
        lock (_gate)
        {
            if (_closed || _draining)
            {
                return Admission.Stopped;
            }

            bool isFull = _count >= options.ConnectionPendingResponsesMax
                || _bytes >= options.ConnectionQueuedBytesMax;
            if (isFull || !budget.TryCharge(bytes, this))
            {
                _readerWaits = true;
                return Admission.Wait;
            }

            return Admission.Admitted;
        }
    }

    /// <summary>Ends when there may be room again. Only after <see cref="Admission.Wait"/>.</summary>
    public ValueTask WaitForRoomAsync() => _readerWake.WaitAsync();

    /// <summary>Puts the response of a request whose bytes were charged at the end of the queue.</summary>
    /// <returns>False when the connection closed meanwhile: the response is still the caller's.</returns>
    public bool TryAdd(PendingResponse response, long chargedBytes)
    {
        response.Queue = this;
        response.ChargedBytes = chargedBytes;
        lock (_gate)
        {
            if (_closed || _draining)
            {
                return false;
            }

            response.State = ResponseState.Pending;
            _count++;
            _bytes += chargedBytes;
            if (_tail is null)
            {
                _head = response;
            }
            else
            {
                _tail.Next = response;
            }

            _tail = response;
            return true;
        }
    }

    /// <summary>Marks a response as completed and starts the sending where it is due.</summary>
    public void Complete(PendingResponse response, ResponseState outcome)
    {
        bool start = false;
        bool isOrphan;
        lock (_gate)
        {
            isOrphan = response.State == ResponseState.Orphaned;
            if (response.State == ResponseState.Abandoned)
            {
                return;
            }

            Invariant.Check(isOrphan || response.State == ResponseState.Pending, "a response was completed twice");
            response.State = outcome;
            if (!isOrphan)
            {
                ChargeWritten(response);
                start = TryStartSending(response);
            }
        }

        if (start)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
        else if (isOrphan)
        {
            connection.Recycle(response);
        }
    }

    /// <summary>Gives up on a response whose request failed in Process, unless it was completed before it failed.
    /// </summary>
    public void Abandon(PendingResponse response)
    {
        lock (_gate)
        {
            if (response.Queue == this && response.State == ResponseState.Pending)
            {
                response.State = ResponseState.Abandoned;
            }
        }
    }

    /// <summary>From here on completed responses wait for <see cref="EndPass"/>.</summary>
    public void BeginPass()
    {
        lock (_gate)
        {
            _inPass = true;
        }
    }

    /// <summary>Sends what is ready, on the calling thread as far as the socket takes it.</summary>
    public void EndPass()
    {
        bool start;
        lock (_gate)
        {
            _inPass = false;
            start = TryStartSending(_head);
        }

        if (start)
        {
            _senderWake.Set();
        }
    }

    /// <summary>The sending loop waits here until it owns the sending.</summary>
    public ValueTask WaitForReadyAsync() => _senderWake.WaitAsync();

    /// <summary>Takes the completed responses at the head, linked by Next; null gives the sending up.</summary>
    public PendingResponse? TakeReady(int responsesMax)
    {
        lock (_gate)
        {
            if (_closed || !IsReady(_head))
            {
                _sending = false;
                return null;
            }

            PendingResponse first = _head!;
            PendingResponse last = first;
            for (int taken = 1; taken < responsesMax && IsReady(last.Next); taken++)
            {
                last = last.Next!;
            }

            _head = last.Next;
            _tail = _head is null ? null : _tail;
            last.Next = null;
            return first;
        }
    }

    /// <summary>Takes a response that was sent, or dropped, off the bounds.</summary>
    /// <returns>True when the connection drains and this was the last one.</returns>
    public bool OnReleased(PendingResponse response)
    {
        bool wake;
        bool drained;
        lock (_gate)
        {
            _count--;
            _bytes -= response.ChargedBytes;
            Invariant.Check(_count >= 0 && _bytes >= 0, "more responses were released than added");
            // Not for each response: a reader that was stopped by a full queue finds room for many when it goes on.
            bool hasRoom = _count <= options.ConnectionPendingResponsesMax / 4 * 3
                && _bytes <= options.ConnectionQueuedBytesMax / 4 * 3;
            wake = (hasRoom || _count == 0) && TakeReaderWait();
            drained = _draining && _count == 0;
        }

        budget.Release(response.ChargedBytes);
        if (wake)
        {
            _readerWake.Set();
        }

        return drained;
    }

    /// <summary>Lets the read loop look for room again, if it waits.</summary>
    public void WakeReader()
    {
        bool wake;
        lock (_gate)
        {
            wake = TakeReaderWait();
        }

        if (wake)
        {
            _readerWake.Set();
        }
    }

    /// <summary>No further request is admitted.</summary>
    /// <returns>True when nothing is left to be answered.</returns>
    public bool BeginDrain()
    {
        bool isEmpty;
        lock (_gate)
        {
            _draining = true;
            isEmpty = _count == 0;
        }

        WakeReader();
        return isEmpty;
    }

    /// <summary>Ends everything: completed responses are released, the others when they are completed.</summary>
    public void Close()
    {
        PendingResponse? completed;
        long bytes;
        bool wakeSender;
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            completed = OrphanAll(out bytes);
            wakeSender = !_sending;
            _sending = true;
        }

        budget.Release(bytes);
        WakeReader();
        while (completed is not null)
        {
            PendingResponse? next = completed.Next;
            connection.Recycle(completed);
            completed = next;
        }

        if (wakeSender)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Starts the sending loop; called by the thread pool.</summary>
    public void Execute() => _senderWake.Set();

    /// <summary>Empties the queue: returns the completed responses as a chain and leaves the others to whoever
    /// completes them.</summary>
    private PendingResponse? OrphanAll(out long bytes)
    {
        PendingResponse? completed = null;
        bytes = 0;
        for (PendingResponse? response = _head; response is not null;)
        {
            PendingResponse? next = response.Next;
            response.Next = null;
            bytes += response.ChargedBytes;
            _count--;
            if (response.State == ResponseState.Pending)
            {
                response.State = ResponseState.Orphaned;
            }
            else
            {
                response.Next = completed;
                completed = response;
            }

            response = next;
        }

        _bytes -= bytes;
        _head = null;
        _tail = null;
        return completed;
    }

    /// <summary>A written response takes memory until it is sent, so it counts like a request.</summary>
    private void ChargeWritten(PendingResponse response)
    {
        long bytes = response.Frame.PooledBytes;
        if (bytes > 0)
        {
            response.ChargedBytes += bytes;
            _bytes += bytes;
            budget.Charge(bytes);
        }
    }

    private static bool IsReady(PendingResponse? response) =>
        response is not null && response.State != ResponseState.Pending;

    private bool TryStartSending(PendingResponse? completed)
    {
        if (_sending || _inPass || _closed || completed != _head || !IsReady(completed))
        {
            return false;
        }

        _sending = true;
        return true;
    }

    private bool TakeReaderWait()
    {
        bool waits = _readerWaits;
        _readerWaits = false;
        return waits;
    }
}
