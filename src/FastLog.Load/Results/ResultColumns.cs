using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.Load.Results;

/// <summary>What tables show of results, on the terminal and in the report alike.</summary>
public static class ResultColumns
{
    /// <summary>What is shown where a result has no such figure.</summary>
    public const string Nothing = "-";

    /// <summary>Every column: its head, and what it shows of a result.</summary>
    public static IReadOnlyList<(string Head, Func<LoadResult, string> Show)> All { get; } =
    [
        ("scenario", result => result.Scenario.Length > 0 ? result.Scenario : result.Kind.ToString()),
        ("records", result => Moved(result, IsOfRecords(result))),
        ("records/s", result => MovedPerSecond(result, IsOfRecords(result))),
        ("commits", result => Moved(result, result.Commits is not null)),
        ("commits/s", result => MovedPerSecond(result, result.Commits is not null)),
        ("heartbeats", result => Moved(result, result.Groups is not null)),
        ("heartbeats/s", result => MovedPerSecond(result, result.Groups is not null)),
        ("MB/s", result => IsOfRecords(result) ? Number(result.MegabytesPerSecond, "N1") : Nothing),
        .. GroupColumns.All,
        ("batches/s", result => IsOfRecords(result) ? Number(result.Produced?.BatchesPerSecond, "N0") : Nothing),
        ("produced + consumed records/s", result => result is { Produced: { } produced, Consumed: { } consumed }
            ? $"{Number(produced.RecordsPerSecond, "N0")} + {Number(consumed.RecordsPerSecond, "N0")}"
            : Nothing),
        ("ack p50 / p99 / max ms", result => Percentiles(result.AcknowledgementLatency)),
        ("ack p99.9 ms", result => IsOfRecords(result) ? Nothing : Number(result.AcknowledgementLatency?.P999Ms, "N2")),
        ("end-to-end p50 / p99 / max ms", result => Percentiles(result.EndToEndLatency)),
        ("pacing late p50 / p99 / max ms", result => Percentiles(result.Pacing?.Lateness)),
        ("timer late p50 / p99 / max ms", result => Percentiles(result.Pacing?.WakeLateness)),
        ("broker CPU s/GB", result => Number(result.BrokerCpuSecondsPerGigabyte, "N2")),
        ("broker CPU us/record", result => Number(result.BrokerCpuMicrosecondsPerRecord, "N2")),
        ("broker CPU us/batch", result => !IsOfRecords(result) ? Nothing : Number(result.BrokerCpuMicrosecondsPerBatch, "N1")),
        ("user + system s", result => OfBroker(result, broker =>
            $"{Number(broker.CpuUserSeconds, "N2")} + {Number(broker.CpuSystemSeconds, "N2")}")),
        ("broker CPUs busy", result => Number(result.BrokerCpus, "N2")),
        ("generator CPU s/GB", result => IsOfRecords(result) ? Number(result.GeneratorCpuSecondsPerGigabyte, "N2") : Nothing),
        ("broker peak / now MB", result => OfBroker(result, broker =>
            $"{Number(broker.PeakResidentBytes / 1e6, "N0")} / {Number(broker.ResidentBytes / 1e6, "N0")}")),
        ("switches", result => OfBroker(result, broker =>
            Number(broker.VoluntarySwitches + broker.InvoluntarySwitches, "N0"))),
        ("read / write calls", result => OfBroker(result, broker =>
            $"{Number(broker.ReadCalls, "N0")} / {Number(broker.WriteCalls, "N0")}")),
        ("written MB", result => OfBroker(result, broker => Number(broker.WrittenBytes / 1e6, "N0"))),
        ("minor faults", result => OfBroker(result, broker => Number(broker.MinorFaults, "N0"))),
        ("others' CPU", result => Number(result.Measured.OthersCpuSeconds / result.Measured.Seconds * 100, "N0") + " %"),
    ];

    private static bool IsOfRecords(LoadResult result) => result.Commits is null && result.Groups is null;

    private static string Moved(LoadResult result, bool isShown) =>
        isShown ? Number(result.RecordsCount, "N0") + (result.IsInterrupted ? " (interrupted)" : "") : Nothing;

    private static string MovedPerSecond(LoadResult result, bool isShown) =>
        isShown ? Number(result.RecordsPerSecond, "N0") : Nothing;

    private static string Percentiles(LatencySummary? latency) => latency is null
        ? Nothing
        : $"{Number(latency.P50Ms, "N2")} / {Number(latency.P99Ms, "N2")} / {Number(latency.MaxMs, "N2")}";

    private static string OfBroker(LoadResult result, Func<ProcessUse, string> show) =>
        result.Measured.Broker is { } broker ? show(broker) : Nothing;

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;
}
