using FastLog.Load.Measuring;

namespace FastLog.Load.Results;

/// <summary>Percentiles, in milliseconds; none is more than 0.4 % above the exact one.</summary>
public sealed record LatencySummary
{
    /// <summary>How many latencies these are.</summary>
    public long Count { get; init; }

    /// <summary>The arithmetic mean, exact.</summary>
    public required double MeanMs { get; init; }

    /// <summary>The median.</summary>
    public required double P50Ms { get; init; }

    /// <summary>90 % are not above it.</summary>
    public required double P90Ms { get; init; }

    /// <summary>99 % are not above it.</summary>
    public required double P99Ms { get; init; }

    /// <summary>99.9 % are not above it.</summary>
    public required double P999Ms { get; init; }

    /// <summary>99.99 % are not above it.</summary>
    public double P9999Ms { get; init; }

    /// <summary>The longest, exact.</summary>
    public required double MaxMs { get; init; }

    /// <summary>The percentiles of what was recorded; all 0 when nothing was.</summary>
    /// <param name="latencyNs">In nanoseconds.</param>
    public static LatencySummary Of(LatencyHistogram latencyNs)
    {
        ArgumentNullException.ThrowIfNull(latencyNs);
        return new LatencySummary
        {
            Count = latencyNs.Count,
            MeanMs = latencyNs.Mean / 1e6,
            P50Ms = latencyNs.Percentile(50) / 1e6,
            P90Ms = latencyNs.Percentile(90) / 1e6,
            P99Ms = latencyNs.Percentile(99) / 1e6,
            P999Ms = latencyNs.Percentile(99.9) / 1e6,
            P9999Ms = latencyNs.Percentile(99.99) / 1e6,
            MaxMs = latencyNs.Max / 1e6,
        };
    }

    /// <summary>The same, or null when nothing was recorded.</summary>
    /// <param name="latencyNs">In nanoseconds.</param>
    public static LatencySummary? OfAny(LatencyHistogram latencyNs)
    {
        ArgumentNullException.ThrowIfNull(latencyNs);
        return latencyNs.Count == 0 ? null : Of(latencyNs);
    }
}
