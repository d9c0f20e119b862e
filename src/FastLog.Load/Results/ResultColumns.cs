using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.Load.Results;

/// <summary>What tables show of results, on the terminal and in the report alike.</summary>
public static class ResultColumns
{
    /// <summary>Every column: its head, and what it shows of a result.</summary>
    public static IReadOnlyList<(string Head, Func<LoadResult, string> Show)> All { get; } =
    [
        ("scenario", result => result.Scenario.Length > 0 ? result.Scenario : result.Kind.ToString()),
        ("records", result => Number(result.RecordsCount, "N0")),
        ("records/s", result => Number(result.RecordsPerSecond, "N0")),
        ("MB/s", result => Number(result.MegabytesPerSecond, "N1")),
        ("broker CPU s/GB", result => Number(result.BrokerCpuSecondsPerGigabyte, "N2")),
        ("user + system s", result => OfBroker(result, broker =>
            $"{Number(broker.CpuUserSeconds, "N2")} + {Number(broker.CpuSystemSeconds, "N2")}")),
        ("generator CPU s/GB", result => Number(result.GeneratorCpuSecondsPerGigabyte, "N2")),
        ("ack p50 / p99 / max ms", result => result.AcknowledgementLatency is { } latency
            ? $"{Number(latency.P50Ms, "N1")} / {Number(latency.P99Ms, "N1")} / {Number(latency.MaxMs, "N1")}"
            : "-"),
        ("broker peak MB", result => OfBroker(result, broker => Number(broker.PeakResidentBytes / 1e6, "N0"))),
        ("switches", result => OfBroker(result, broker =>
            Number(broker.VoluntarySwitches + broker.InvoluntarySwitches, "N0"))),
        ("written MB", result => OfBroker(result, broker => Number(broker.WrittenBytes / 1e6, "N0"))),
        ("syscalls read/write-like", result => OfBroker(result, broker =>
            $"{Number(broker.ReadCalls, "N0")} / {Number(broker.WriteCalls, "N0")}")),
        ("others' CPU", result => Number(result.Measured.OthersCpuSeconds / result.Measured.Seconds * 100, "N0") + " %"),
    ];

    private static string OfBroker(LoadResult result, Func<ProcessUse, string> show) =>
        result.Measured.Broker is { } broker ? show(broker) : "-";

    private static string Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
