namespace FastLog.Network;

/// <summary>
/// The bytes of requests in flight over all connections, and the read loops that wait for them to become fewer.
/// </summary>
/// <remarks>Lock order: the gate of a <see cref="ResponseQueue"/>, then this one's. Waiters are woken outside of it.
/// </remarks>
internal sealed class RequestBytesBudget(long bytesMax)
{
    private readonly Lock _gate = new();
    private readonly Queue<ResponseQueue> _waiting = new();
    private long _bytes;

    /// <summary>The bytes in flight.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Charges the bytes; if there is no room, notes that <paramref name="waiter"/> wants to be woken.</summary>
    public bool TryCharge(long bytes, ResponseQueue waiter)
    {
        lock (_gate)
        {
            // The last one admitted may go over the bound: else a request larger than what is ever free would starve.
            if (bytesMax < 0 || _bytes < bytesMax)
            {
                _bytes += bytes;
                return true;
            }

            if (!waiter.IsWaitingForBudget)
            {
                waiter.IsWaitingForBudget = true;
                _waiting.Enqueue(waiter);
            }

            return false;
        }
    }

    /// <summary>Charges bytes that cannot wait: a frame that was admitted grows, a response was written.</summary>
    public void Charge(long bytes)
    {
        lock (_gate)
        {
            _bytes += bytes;
        }
    }

    /// <summary>Takes charged bytes back and wakes who waits for room.</summary>
    public void Release(long bytes)
    {
        int toWake;
        lock (_gate)
        {
            _bytes -= bytes;
            Invariant.Check(_bytes >= 0, "more request bytes were released than charged");
            toWake = _bytes < bytesMax ? _waiting.Count : 0;
        }

        for (; toWake > 0 && TryTakeWaiter(out ResponseQueue? waiter); toWake--)
        {
            waiter.WakeReader();
        }
    }

    private bool TryTakeWaiter([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResponseQueue? waiter)
    {
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out waiter))
            {
                return false;
            }

            waiter.IsWaitingForBudget = false;
            return true;
        }
    }
}
