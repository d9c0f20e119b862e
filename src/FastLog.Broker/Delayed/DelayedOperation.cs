namespace FastLog.Broker.Delayed;

/// <summary>
/// A request that waits for offsets on partitions or for a deadline, pooled and counted: the operation goes back to
/// its pool when nobody can call it any more, that is when its request is answered and every place that holds it
/// (the wheel, a partition's waiters) has let go. Without the count a late callback could hit the operation's next
/// life.
/// </summary>
public abstract class DelayedOperation : TimedOperation
{
    private int _holders;

    /// <summary>Begins a life with one holder: whoever answers the request.</summary>
    private protected void BeginLife()
    {
        Invariant.Check(_holders == 0, "a pooled operation has no holders");
        Volatile.Write(ref _holders, 1);
    }

    /// <summary>One more place may call this operation.</summary>
    private protected void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>A place has called the operation, or never will.</summary>
    private protected void Release() => Release(1);

    /// <summary>So many places have called the operation, or never will; none is nothing.</summary>
    private protected void Release(int places)
    {
        if (places == 0)
        {
            return;
        }

        var left = Interlocked.Add(ref _holders, -places);
        Invariant.Check(left >= 0, "an operation is not released more often than held");
        if (left == 0)
        {
            ReturnToPool();
        }
    }

    /// <summary>Puts the operation back where it was rented.</summary>
    private protected abstract void ReturnToPool();
}
