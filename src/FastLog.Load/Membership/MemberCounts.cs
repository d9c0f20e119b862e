using FastLog.Load.Connecting;
using FastLog.Load.Measuring;

namespace FastLog.Load.Membership;

/// <summary>What all members together did. Any thread.</summary>
/// <param name="groupsCount">How many groups are to become stable.</param>
internal sealed class MemberCounts(int groupsCount) : IGroupProgress
{
    private readonly TaskCompletionSource _allStable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _heartbeats;
    private long _rebalances;
    private long _stable;
    private long _lastAtNs;

    /// <summary>Of heartbeats, from sending to the answer, in ns.</summary>
    public LatencyRecorder Latency { get; } = new();

    /// <summary>What was answered that is no part of joining.</summary>
    public ErrorCounts Errors { get; } = new();

    /// <summary>Heartbeats answered.</summary>
    public long HeartbeatsCount => Interlocked.Read(ref _heartbeats);

    /// <summary>Generations and epochs begun, over all groups.</summary>
    public long RebalancesCount => Interlocked.Read(ref _rebalances);

    /// <summary>Groups that are stable.</summary>
    public long StableCount => Interlocked.Read(ref _stable);

    /// <summary>When the last heartbeat was answered.</summary>
    public long LastAtNs => Interlocked.Read(ref _lastAtNs);

    /// <summary>Completes when all groups are stable for the first time.</summary>
    public Task AllStable => _allStable.Task;

    public void OnHeartbeat(long sentNs)
    {
        long nowNs = MonotonicClock.NowNs;
        Latency.Record(nowNs - sentNs);
        Interlocked.Increment(ref _heartbeats);
        Interlocked.Exchange(ref _lastAtNs, nowNs);
    }

    public void OnRebalance() => Interlocked.Increment(ref _rebalances);

    public void OnStable(int change)
    {
        if (Interlocked.Add(ref _stable, change) == groupsCount)
        {
            _allStable.TrySetResult();
        }
    }

    /// <summary>Counts from here on; what is stable stays so.</summary>
    public void Clear()
    {
        Latency.Clear();
        Errors.Clear();
        Interlocked.Exchange(ref _heartbeats, 0);
        Interlocked.Exchange(ref _rebalances, 0);
    }
}
