namespace FastLog.Coordination.Consumer;

/// <summary>What the coordinator keeps of a member beside the log: until when it waits for what.</summary>
/// <param name="deadlines">The shard's deadlines.</param>
/// <param name="onSilent">The member sent nothing for its session timeout.</param>
/// <param name="onSlow">The member did not do in time what it was told to do.</param>
internal sealed class MemberSession(DeadlineQueue deadlines, Action<Turn> onSilent, Action<Turn> onSlow)
{
    private readonly Deadline _alive = new(deadlines, onSilent);
    private readonly Deadline _rebalanced = new(deadlines, onSlow);
    private int? _revocationEpoch;

    /// <summary>The target epoch for which the member was told again of partitions that it did not know it had.</summary>
    public int? RetoldEpoch { get; set; }

    /// <summary>Until when the member must be heard of.</summary>
    public long? SilentAtMs => _alive.AtMs;

    /// <summary>Until when the member must have done what it was told to do; null when it was told nothing.</summary>
    public long? SlowAtMs => _rebalanced.AtMs;

    /// <summary>The member was heard of.</summary>
    public void IsAlive(long untilMs) => _alive.Set(untilMs);

    /// <summary>The member has so long to do what it was told to; asked for again, the first time counts.</summary>
    public void Await(long untilMs)
    {
        if (_rebalanced.AtMs is null)
        {
            _rebalanced.Set(untilMs);
        }
    }

    /// <summary>The member did what it was told to, or need not do it any more.</summary>
    public void AwaitNothing()
    {
        _rebalanced.Clear();
        _revocationEpoch = null;
    }

    /// <summary>The time to give partitions up counts from when the member was told, once for each time it is.</summary>
    public void AwaitRevocation(CurrentAssignment current, long untilMs)
    {
        if (current.State != MemberState.UnrevokedPartitions)
        {
            AwaitNothing();
        }
        else if (_revocationEpoch != current.MemberEpoch)
        {
            _revocationEpoch = current.MemberEpoch;
            _rebalanced.Set(untilMs);
        }
    }

    public void Close()
    {
        _alive.Clear();
        AwaitNothing();
    }
}
