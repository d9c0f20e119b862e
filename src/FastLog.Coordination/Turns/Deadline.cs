namespace FastLog.Coordination;

/// <summary>
/// Something that happens at a time unless it is put off: a member's session that ends, a rebalance that has waited long
/// enough. Putting it off, as every heartbeat does, costs an assignment.
/// </summary>
/// <param name="queue">The shard's deadlines.</param>
/// <param name="action">What happens; the deadline is unset by then and may be set anew.</param>
public sealed class Deadline(DeadlineQueue queue, Action<Turn> action)
{
    private long? _atMs;

    /// <summary>When it happens, in milliseconds since 1970; null when it is not set.</summary>
    public long? AtMs => _atMs;

    /// <summary>The time of the entry in the queue that stands for this one; the queue's own.</summary>
    internal long? QueuedAtMs { get; set; }

    /// <summary>Sets it, or puts it off, or brings it forward.</summary>
    /// <param name="atMs">When, in milliseconds since 1970.</param>
    public void Set(long atMs)
    {
        _atMs = atMs;
        queue.Follow(this);
    }

    /// <summary>It does not happen.</summary>
    public void Clear() => _atMs = null;

    /// <summary>What it did was refused by the log: it happens once more, unless it was set anew.</summary>
    /// <param name="atMs">When, in milliseconds since 1970.</param>
    internal void Repeat(long atMs)
    {
        if (_atMs is null)
        {
            Set(atMs);
        }
    }

    internal void Run(Turn turn)
    {
        _atMs = null;
        turn.Due = this;
        action(turn);
    }
}
