using System.Text.Json.Serialization;
using FastLog.Load.Measuring;
using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>What one run of a load came to, whoever made it. Bytes are those of the records' values.</summary>
internal sealed record RunFigures
{
    public required int Run { get; init; }

    /// <summary>How to do it again.</summary>
    public required string Command { get; init; }

    /// <summary>As the driver measured it; null where a scenario is no load.</summary>
    public required double Seconds { get; init; }

    public required long RecordsCount { get; init; }

    public required long BytesCount { get; init; }

    /// <summary>Null when the broker's process was not looked at.</summary>
    public ProcessUse? Broker { get; init; }

    public double GeneratorCpuSeconds { get; init; }

    /// <summary>What everything but broker and generator took while they were watched.</summary>
    public double OthersCpuSeconds { get; init; }

    /// <summary>How long broker and generator were watched: <see cref="Seconds"/>, or longer where the generator's start and
    /// end could not be left out.</summary>
    public double WatchedSeconds { get; init; }

    /// <summary>Bytes of values in a batch, in the mean; null when that was not counted.</summary>
    public double? ValueBytesPerBatch { get; init; }

    /// <summary>To the consumer where that was measured, else to the acknowledgement.</summary>
    public LatencySummary? Latency { get; init; }

    /// <summary>The topic's flush.messages as the broker says; null when it was not asked.</summary>
    public string? TopicFlushMessages { get; init; }

    /// <summary>Only what is no load has one: seconds to the first acknowledged record.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>Only groups at rest and what is no load have one: the broker's memory.</summary>
    public long? ResidentBytes { get; init; }

    /// <summary>In the raw output.</summary>
    [JsonIgnore]
    public IReadOnlyList<TimelineSample> Timeline { get; init; } = [];

    public double? Of(FigureKind kind) => kind switch
    {
        FigureKind.RecordsPerSecond => Seconds > 0 ? RecordsCount / Seconds : null,
        FigureKind.MegabytesPerSecond => Seconds > 0 ? BytesCount / 1e6 / Seconds : null,
        FigureKind.BrokerCpuSecondsPerGigabyte => BytesCount > 0 ? Broker?.CpuSeconds / (BytesCount / 1e9) : null,
        FigureKind.BrokerCpuMicrosecondsPerRecord => RecordsCount > 0 ? Broker?.CpuSeconds / (RecordsCount / 1e6) : null,
        FigureKind.P50Ms => Latency?.P50Ms,
        FigureKind.P99Ms => Latency?.P99Ms,
        FigureKind.MaxMs => Latency?.MaxMs,
        FigureKind.ResidentMegabytes => ResidentBytes / 1e6,
        FigureKind.StartSeconds => StartSeconds,
        FigureKind.BrokerCpus => Seconds > 0 ? Broker?.CpuSeconds / Seconds : null,
        FigureKind.RatioToPeer => null,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>What a load of the own generator said.</summary>
    public static RunFigures Of(LoadResult result, int run) => new()
    {
        Run = run,
        Command = result.Command,
        Seconds = result.Measured.Seconds,
        RecordsCount = result.RecordsCount,
        BytesCount = result.BytesCount,
        Broker = result.Measured.Broker,
        GeneratorCpuSeconds = result.Measured.Generator.CpuSeconds,
        OthersCpuSeconds = result.Measured.OthersCpuSeconds,
        WatchedSeconds = result.Measured.Seconds,
        ValueBytesPerBatch = result.Produced is { BatchesCount: > 0, BytesCount: > 0 } produced
            ? (double)produced.BytesCount / produced.BatchesCount
            : null,
        Latency = result.EndToEndLatency ?? result.AcknowledgementLatency,
        TopicFlushMessages = result.TopicFlushMessages,
        ResidentBytes = result.Groups is null ? null : result.Measured.Broker?.ResidentBytes,
        Timeline = result.Timeline,
    };
}
