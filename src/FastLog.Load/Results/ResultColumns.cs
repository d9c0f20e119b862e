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
        ("records", result => Number(result.RecordsCount, "N0") + (result.IsInterrupted ? " (interrupted)" : "")),
        ("records/s", result => Number(result.RecordsPerSecond, "N0")),
        ("MB/s", result => Number(result.MegabytesPerSecond, "N1")),
        ("batches/s", result => Number(result.Produced?.BatchesPerSecond, "N0")),
        ("produced + consumed records/s", result => result is { Produced: { } produced, Consumed: { } consumed }
            ? $"{Number(produced.RecordsPerSecond, "N0")} + {Number(consumed.RecordsPerSecond, "N0")}"
            : Nothing),
        ("ack p50 / p99 / max ms", result => Percentiles(result.AcknowledgementLatency)),
        ("end-to-end p50 / p99 / max ms", result => Percentiles(result.EndToEndLatency)),
        ("pacing late p50 / p99 / max ms", result => Percentiles(result.Pacing?.Lateness)),
        ("timer late p50 / p99 / max ms", result => Percentiles(result.Pacing?.WakeLateness)),
        ("broker CPU s/GB", result => Number(result.BrokerCpuSecondsPerGigabyte, "N2")),
        ("broker CPU us/record", result => Number(result.BrokerCpuMicrosecondsPerRecord, "N2")),
        ("broker CPU us/batch", result => Number(result.BrokerCpuMicrosecondsPerBatch, "N1")),
        ("user + system s", result => OfBroker(result, broker =>
            $"{Number(broker.CpuUserSeconds, "N2")} + {Number(broker.CpuSystemSeconds, "N2")}")),
        ("generator CPU s/GB", result => Number(result.GeneratorCpuSecondsPerGigabyte, "N2")),
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

    private static string Percentiles(LatencySummary? latency) => latency is null
        ? Nothing
        : $"{Number(latency.P50Ms, "N2")} / {Number(latency.P99Ms, "N2")} / {Number(latency.MaxMs, "N2")}";

    private static string OfBroker(LoadResult result, Func<ProcessUse, string> show) =>
        result.Measured.Broker is { } broker ? show(broker) : Nothing;

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? Nothing;
}
