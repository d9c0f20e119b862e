namespace FastLog.Load.Results;

/// <summary>What happened in one interval of a load, for drawing it over time.</summary>
/// <remarks>Counts are of this interval alone. CPU times come in steps of 10 ms.</remarks>
public sealed record TimelineSample
{
    /// <summary>When the interval ended, in seconds since the clock started.</summary>
    public required double AtSeconds { get; init; }

    /// <summary>How long it was.</summary>
    public required double Seconds { get; init; }

    /// <summary>Records acknowledged.</summary>
    public required long ProducedRecordsCount { get; init; }

    /// <summary>Bytes of their values.</summary>
    public required long ProducedBytesCount { get; init; }

    /// <summary>Records read.</summary>
    public required long ConsumedRecordsCount { get; init; }

    /// <summary>Bytes of their values.</summary>
    public required long ConsumedBytesCount { get; init; }

    /// <summary>Of the records acknowledged in this interval; null when there were none.</summary>
    public LatencySummary? AcknowledgementLatency { get; init; }

    /// <summary>Of the records received in this interval, where that is measured; null when there were none.</summary>
    public LatencySummary? EndToEndLatency { get; init; }

    /// <summary>CPU time of the broker in its program; null when its process is not looked at.</summary>
    public double? BrokerCpuUserSeconds { get; init; }

    /// <summary>CPU time of the kernel for the broker.</summary>
    public double? BrokerCpuSystemSeconds { get; init; }

    /// <summary>The broker's memory in RAM at the end of the interval.</summary>
    public long? BrokerResidentBytes { get; init; }

    /// <summary>CPU time of the generator, user and system.</summary>
    public required double GeneratorCpuSeconds { get; init; }

    /// <summary>Records acknowledged a second.</summary>
    public double ProducedRecordsPerSecond => Seconds > 0 ? ProducedRecordsCount / Seconds : 0;

    /// <summary>Records read a second.</summary>
    public double ConsumedRecordsPerSecond => Seconds > 0 ? ConsumedRecordsCount / Seconds : 0;

    /// <summary>How many CPUs the broker kept busy; null when its process is not looked at.</summary>
    public double? BrokerCpus => Seconds > 0 ? (BrokerCpuUserSeconds + BrokerCpuSystemSeconds) / Seconds : null;
}
