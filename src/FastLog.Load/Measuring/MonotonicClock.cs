using System.Diagnostics;

namespace FastLog.Load.Measuring;

/// <summary>The clock that latencies are taken from: nanoseconds since some moment, never set back.</summary>
public static class MonotonicClock
{
    // 1 on Linux, where the clock is CLOCK_MONOTONIC and counts nanoseconds.
    private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;
    private static readonly bool CountsNs = Stopwatch.Frequency == 1_000_000_000;

    /// <summary>Now.</summary>
    public static long NowNs => CountsNs ? Stopwatch.GetTimestamp() : (long)(Stopwatch.GetTimestamp() * NsPerTick);
}
