using FastLog.Load.Connecting;
using FastLog.Load.Measuring;

namespace FastLog.Load.Committing;

/// <summary>Hears of every commit that was answered. Any thread.</summary>
internal sealed class CommitRecorder
{
    private long _count;
    private long _lastAtNs;

    /// <summary>Of commits that were acknowledged, in ns.</summary>
    public LatencyRecorder Latency { get; } = new();

    /// <summary>What the others were answered with, one for each partition.</summary>
    public ErrorCounts Errors { get; } = new();

    /// <summary>Commits acknowledged.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>When the last of them was.</summary>
    public long LastAtNs => Interlocked.Read(ref _lastAtNs);

    public void OnAcknowledged(long intendedNs, long nowNs)
    {
        Latency.Record(nowNs - intendedNs);
        Interlocked.Increment(ref _count);
        Interlocked.Exchange(ref _lastAtNs, nowNs);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Latency.Clear();
        Errors.Clear();
        Interlocked.Exchange(ref _count, 0);
    }
}
