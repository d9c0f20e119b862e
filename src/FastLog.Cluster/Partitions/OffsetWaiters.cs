using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>
/// Those who wait for one advancing offset of a partition (its durable end, or its high watermark).
/// <para>
/// No wake-up is lost: the offset is compared and the waiter registered under the lock under which the offset moves.
/// No waiter is called twice: it leaves the ring, under the lock, before it is called. The calls happen outside of
/// the lock and one at a time: whoever finds a calling thread at work only leaves the new offset for it, so waiters
/// are called in order of their offsets.
/// </para>
/// </summary>
internal sealed class OffsetWaiters(Partition partition)
{
    private readonly Lock _lock = new();
    private readonly OffsetWaiterRing _ring = new();

    private long _reached = -1;
    private ErrorCode _failure = ErrorCode.None;

    // Set while a thread is calling waiters; the fields tell RemoveWaiter whom it would have to wait for.
    private bool _isCalling;
    private int _callingThreadId;
    private IOffsetWaiter? _called;
    private long _callsStarted;

    /// <summary>How many are waiting.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ring.Count;
            }
        }
    }

    /// <summary>
    /// False if the offset is reached already. Else the waiter will be called once; if the partition has failed, at
    /// once and by this very thread.
    /// </summary>
    public bool TryAdd(IOffsetWaiter waiter, long endOffset)
    {
        ErrorCode failure;
        lock (_lock)
        {
            if (_reached >= endOffset)
            {
                return false;
            }
            failure = _failure;
            if (failure == ErrorCode.None)
            {
                _ring.Add(waiter, endOffset);
                return true;
            }
        }
        waiter.OnPartitionFailed(partition, failure);
        return true;
    }

    /// <summary>Takes the waiter out; when this returns it will not be called any more, or has been called.</summary>
    /// <returns>How many registrations of it were taken out, that is how many calls will not come.</returns>
    public int Remove(IOffsetWaiter waiter)
    {
        int removed;
        long call;
        lock (_lock)
        {
            removed = _ring.Remove(waiter);
            if (!ReferenceEquals(_called, waiter) || _callingThreadId == Environment.CurrentManagedThreadId)
            {
                return removed;
            }
            call = _callsStarted;
        }
        WaitForCall(waiter, call);
        return removed;
    }

    /// <summary>The offset has moved: calls everyone who waited for it or for less.</summary>
    public void Advance(long reached)
    {
        lock (_lock)
        {
            if (reached > _reached)
            {
                _reached = reached;
            }
            if (_isCalling || !HasDue())
            {
                return;
            }
            _isCalling = true;
            _callingThreadId = Environment.CurrentManagedThreadId;
        }
        CallDue();
    }

    /// <summary>Tells all, and all who come later, that the offset will not be reached.</summary>
    public void Fail(ErrorCode error)
    {
        Invariant.Check(error != ErrorCode.None, "a failure has an error code");
        lock (_lock)
        {
            _failure = error;
            if (_isCalling || !HasDue())
            {
                return;
            }
            _isCalling = true;
            _callingThreadId = Environment.CurrentManagedThreadId;
        }
        CallDue();
    }

    private bool HasDue() => _ring.Count > 0 && (_failure != ErrorCode.None || _ring.FirstEndOffset <= _reached);

    private void CallDue()
    {
        while (true)
        {
            IOffsetWaiter waiter;
            bool isReached;
            ErrorCode failure;
            lock (_lock)
            {
                if (!HasDue())
                {
                    _called = null;
                    _callingThreadId = 0;
                    _isCalling = false;
                    return;
                }
                isReached = _ring.FirstEndOffset <= _reached;
                waiter = _ring.TakeFirst();
                failure = _failure;
                _called = waiter;
                _callsStarted++;
            }
            Call(waiter, isReached, failure);
        }
    }

    private void Call(IOffsetWaiter waiter, bool isReached, ErrorCode failure)
    {
        try
        {
            // What was reached before the partition failed is on disk: that waiter has its success.
            if (isReached)
            {
                waiter.OnOffsetReached(partition);
            }
            else
            {
                waiter.OnPartitionFailed(partition, failure);
            }
        }
        catch (Exception exception) when (partition.TryReportWaiterFault(exception))
        {
            // One request's fault must not keep the others of the partition waiting for ever.
        }
    }

    private void WaitForCall(IOffsetWaiter waiter, long call)
    {
        // Calls are short by contract, so waiting for one under way is a spin, not a blocked thread.
        var spin = new SpinWait();
        while (true)
        {
            lock (_lock)
            {
                if (_callsStarted != call || !ReferenceEquals(_called, waiter))
                {
                    return;
                }
            }
            spin.SpinOnce();
        }
    }
}
