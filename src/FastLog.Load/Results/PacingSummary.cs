namespace FastLog.Load.Results;

/// <summary>How well an open loop kept its own times. What is late here is the generator's fault, or that of the full
/// buffer before a broker that does not keep up; it is part of the latencies either way, since these count from the
/// intended time.</summary>
public sealed record PacingSummary
{
    /// <summary>The rate that was asked for, over all producers.</summary>
    public required double TargetRecordsPerSecond { get; init; }

    /// <summary>From the time a record was meant to be sent to when it was handed to the client.</summary>
    public required LatencySummary Lateness { get; init; }

    /// <summary>From the time the pacing thread wanted to wake to when it did: the pacing's own error.</summary>
    public required LatencySummary WakeLateness { get; init; }

    /// <summary>How often a client had no buffer memory for a record that was due.</summary>
    public required long RefusalsCount { get; init; }
}
