namespace FastLog.Coordination;

/// <summary>
/// The deadlines of a shard. One that was put off stays where it is in the queue and is moved when its old time comes,
/// so the queue has about one entry for each deadline, however often they are put off.
/// </summary>
public sealed class DeadlineQueue
{
    private readonly PriorityQueue<Deadline, long> _queue = new();

    /// <summary>When to look again, in milliseconds since 1970; null when nothing is set. May be too early, never too late.</summary>
    public long? NextMs => _queue.TryPeek(out _, out var atMs) ? atMs : null;

    /// <summary>Takes the next deadline whose time has come; null when there is none.</summary>
    /// <param name="nowMs">The time, in milliseconds since 1970.</param>
    internal Deadline? TakeDue(long nowMs)
    {
        while (_queue.TryPeek(out var deadline, out var queuedAtMs) && queuedAtMs <= nowMs)
        {
            _queue.Dequeue();
            if (deadline.QueuedAtMs != queuedAtMs)
            {
                // It was brought forward: another entry stood for it.
                continue;
            }

            deadline.QueuedAtMs = null;
            if (deadline.AtMs is { } atMs)
            {
                if (atMs <= nowMs)
                {
                    return deadline;
                }

                Follow(deadline);
            }
        }

        return null;
    }

    internal void Follow(Deadline deadline)
    {
        if (deadline.AtMs is { } atMs && (deadline.QueuedAtMs is not { } queuedAtMs || atMs < queuedAtMs))
        {
            deadline.QueuedAtMs = atMs;
            _queue.Enqueue(deadline, atMs);
        }
    }
}
