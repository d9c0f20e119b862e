using System.Globalization;

namespace FastLog.LoadGen.Suite.Scenarios;

/// <summary>What a goal can be set for.</summary>
internal enum FigureKind
{
    RecordsPerSecond,
    MegabytesPerSecond,
    BrokerCpuSecondsPerGigabyte,
    BrokerCpuMicrosecondsPerRecord,
    P50Ms,
    P99Ms,
    MaxMs,
    ResidentMegabytes,
    StartSeconds,

    /// <summary>How many CPUs the broker kept busy.</summary>
    BrokerCpus,

    /// <summary>FastLog's records a second over those of a peer in the same run.</summary>
    RatioToPeer,
}

/// <summary>How figures are shown, and which way is better.</summary>
internal static class Figures
{
    public static string Name(FigureKind kind) => kind switch
    {
        FigureKind.RecordsPerSecond => "records/s",
        FigureKind.MegabytesPerSecond => "MB/s",
        FigureKind.BrokerCpuSecondsPerGigabyte => "broker CPU s/GB",
        FigureKind.BrokerCpuMicrosecondsPerRecord => "broker CPU µs/record",
        FigureKind.P50Ms => "p50 ms",
        FigureKind.P99Ms => "p99 ms",
        FigureKind.MaxMs => "max ms",
        FigureKind.ResidentMegabytes => "MB resident",
        FigureKind.StartSeconds => "s to first ack",
        FigureKind.BrokerCpus => "CPUs busy",
        FigureKind.RatioToPeer => "x peer's records/s",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static bool IsMoreBetter(FigureKind kind) =>
        kind is FigureKind.RecordsPerSecond or FigureKind.MegabytesPerSecond or FigureKind.RatioToPeer;

    public static string Show(double? value, FigureKind kind) => value is { } given ? Show(given, kind) : "-";

    /// <summary>With so many digits as mean something.</summary>
    public static string Show(double value, FigureKind kind) => kind switch
    {
        FigureKind.RecordsPerSecond => Text(value, "N0"),
        FigureKind.MegabytesPerSecond => Text(value, "N1"),
        FigureKind.ResidentMegabytes => Text(value, "N0"),
        FigureKind.BrokerCpuMicrosecondsPerRecord => Text(value, value < 10 ? "N2" : "N1"),
        FigureKind.P50Ms or FigureKind.P99Ms or FigureKind.MaxMs => Text(value, value < 10 ? "N2" : value < 100 ? "N1" : "N0"),
        _ => Text(value, "N2"),
    };

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
