using FastLog.Load.Measuring;

namespace FastLog.Load.Results;

/// <summary>The result of one load: what was moved, how fast, and at what cost. This is what <c>--json</c> prints.</summary>
/// <remarks>Bytes and gigabytes (10^9) are those of the values alone, without what the protocol adds.</remarks>
public sealed record LoadResult
{
    /// <summary>The name that a report shows.</summary>
    public string Scenario { get; init; } = "";

    /// <summary>The command line that made it.</summary>
    public string Command { get; init; } = "";

    /// <summary>What it did.</summary>
    public required LoadKind Kind { get; init; }

    /// <summary>When the clock started.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The topic's partitions.</summary>
    public required int PartitionsCount { get; init; }

    /// <summary>The mean size of a value.</summary>
    public required int RecordSizeBytes { get; init; }

    /// <summary>Records moved while the clock ran: acknowledged by a produce load, commits or heartbeats
    /// acknowledged to groups, read by all others; a mixed load adds up both directions.</summary>
    public required long RecordsCount { get; init; }

    /// <summary>Bytes of their values.</summary>
    public required long BytesCount { get; init; }

    /// <summary>Records moved before the clock started.</summary>
    public required long WarmupRecordsCount { get; init; }

    /// <summary>The load was ended before its time; the figures are of what was done until then.</summary>
    public bool IsInterrupted { get; init; }

    /// <summary>The topic's <c>flush.messages</c> as the broker says; 1 means an acknowledgement waits for the disk.
    /// Null when not known or not asked.</summary>
    public string? TopicFlushMessages { get; init; }

    /// <summary>Wall time, and what the processes used.</summary>
    public required Measured Measured { get; init; }

    /// <summary>What was stored; null when nothing was to be.</summary>
    public FlowResult? Produced { get; init; }

    /// <summary>What was read; null when nothing was to be.</summary>
    public FlowResult? Consumed { get; init; }

    /// <summary>From handing a record to the client (closed loop), or from the time it was meant to be sent (open loop),
    /// to its acknowledgement. Null where nothing is acknowledged.</summary>
    public LatencySummary? AcknowledgementLatency { get; init; }

    /// <summary>From the time a record was meant to be sent until a consumer had it. Null where not measured.</summary>
    public LatencySummary? EndToEndLatency { get; init; }

    /// <summary>How well the open loop kept its times; null for a closed loop.</summary>
    public PacingSummary? Pacing { get; init; }

    /// <summary>Of a load that commits; null for all others.</summary>
    public CommitsSummary? Commits { get; init; }

    /// <summary>Of a load of groups; null for all others.</summary>
    public GroupsSummary? Groups { get; init; }

    /// <summary>The load over time, one sample an interval.</summary>
    public IReadOnlyList<TimelineSample> Timeline { get; init; } = [];

    /// <summary>Records moved a second.</summary>
    public double RecordsPerSecond => Measured.Seconds > 0 ? RecordsCount / Measured.Seconds : 0;

    /// <summary>How many CPUs the broker kept busy; null when its process was not looked at.</summary>
    public double? BrokerCpus => PerUnit(Measured.Broker?.CpuSeconds, Measured.Seconds);

    /// <summary>Megabytes (10^6) of values a second.</summary>
    public double MegabytesPerSecond => Measured.Seconds > 0 ? BytesCount / 1e6 / Measured.Seconds : 0;

    /// <summary>Null when the broker's process was not looked at, or nothing was moved.</summary>
    public double? BrokerCpuSecondsPerGigabyte => PerUnit(Measured.Broker?.CpuSeconds, BytesCount / 1e9);

    /// <summary>Microseconds of the broker's CPU for a record; null as above.</summary>
    public double? BrokerCpuMicrosecondsPerRecord => PerUnit(Measured.Broker?.CpuSeconds, RecordsCount / 1e6);

    /// <summary>Microseconds of the broker's CPU for a produced batch (see <see cref="FlowResult.BatchesCount"/> for when
    /// that is a request); null as above, and where nothing was produced.</summary>
    public double? BrokerCpuMicrosecondsPerBatch =>
        PerUnit(Measured.Broker?.CpuSeconds, (Produced?.BatchesCount ?? 0) / 1e6);

    /// <summary>0 when nothing was moved.</summary>
    public double GeneratorCpuSecondsPerGigabyte => PerUnit(Measured.Generator.CpuSeconds, BytesCount / 1e9) ?? 0;

    /// <summary>JSON knows no infinity, and a load that moved nothing has no such figure.</summary>
    private static double? PerUnit(double? amount, double units) => units > 0 ? amount / units : null;
}
