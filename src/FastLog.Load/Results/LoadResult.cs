using FastLog.Load.Measuring;

namespace FastLog.Load.Results;

/// <summary>What a load did.</summary>
public enum LoadKind
{
    Produce,
    Consume,
}

/// <summary>The result of one load: what was moved, how fast, and at what cost. This is what <c>--json</c> prints.</summary>
/// <remarks>Bytes and gigabytes (10^9) are those of the values alone, without what the protocol adds.</remarks>
public sealed record LoadResult
{
    /// <summary>The name that a report shows.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>The command line that made it.</summary>
    public string Command { get; init; } = "";

    public required LoadKind Kind { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int PartitionsCount { get; init; }

    public required int RecordSizeBytes { get; init; }

    /// <summary>Records acknowledged or read while the clock ran.</summary>
    public required long RecordsCount { get; init; }

    public required long BytesCount { get; init; }

    /// <summary>Records moved before the clock started.</summary>
    public required long WarmupRecordsCount { get; init; }

    /// <summary>The topic's <c>flush.messages</c> as the broker says; 1 means an acknowledgement waits for the disk.
    /// Null when not known or not asked.</summary>
    public string? TopicFlushMessages { get; init; }

    public required Measured Measured { get; init; }

    /// <summary>Null where nothing is acknowledged.</summary>
    public LatencySummary? AcknowledgementLatency { get; init; }

    public double RecordsPerSecond => RecordsCount / Measured.Seconds;

    public double MegabytesPerSecond => BytesCount / 1e6 / Measured.Seconds;

    /// <summary>Null when the broker's process was not looked at.</summary>
    public double? BrokerCpuSecondsPerGigabyte => Measured.Broker?.CpuSeconds / (BytesCount / 1e9);

    public double GeneratorCpuSecondsPerGigabyte => Measured.Generator.CpuSeconds / (BytesCount / 1e9);
}

/// <summary>Percentiles, in milliseconds; none is more than 0.4 % above the exact one.</summary>
public sealed record LatencySummary
{
    public required double MeanMs { get; init; }

    public required double P50Ms { get; init; }

    public required double P90Ms { get; init; }

    public required double P99Ms { get; init; }

    public required double P999Ms { get; init; }

    public required double MaxMs { get; init; }

    /// <param name="latencyNs">In nanoseconds.</param>
    public static LatencySummary Of(LatencyHistogram latencyNs)
    {
        ArgumentNullException.ThrowIfNull(latencyNs);
        return new LatencySummary
        {
            MeanMs = latencyNs.Mean / 1e6,
            P50Ms = latencyNs.Percentile(50) / 1e6,
            P90Ms = latencyNs.Percentile(90) / 1e6,
            P99Ms = latencyNs.Percentile(99) / 1e6,
            P999Ms = latencyNs.Percentile(99.9) / 1e6,
            MaxMs = latencyNs.Max / 1e6,
        };
    }
}
