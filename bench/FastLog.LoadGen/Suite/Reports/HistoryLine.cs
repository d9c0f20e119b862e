using FastLog.Load.Results;
namespace FastLog.LoadGen.Reports;

/// <summary>What is kept of a run for comparing it with others.</summary>
public sealed record HistoryLine
{
    public required DateTimeOffset Date { get; init; }

    public required string Commit { get; init; }

    public required string Command { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<HistoryFigures> Scenarios { get; init; }

    public static HistoryLine Of(RunReport run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new HistoryLine
        {
            Date = run.Date,
            Commit = run.Commit,
            Command = run.Command,
            Machine = run.Machine,
            Scenarios = [.. run.Results.Select(HistoryFigures.Of)],
        };
    }
}

/// <summary>The figures of one scenario.</summary>
public sealed record HistoryFigures
{
    public required string Scenario { get; init; }

    public required double RecordsPerSecond { get; init; }

    public required double MegabytesPerSecond { get; init; }

    public required double? BrokerCpuSecondsPerGigabyte { get; init; }

    public required double GeneratorCpuSecondsPerGigabyte { get; init; }

    public required long? BrokerPeakResidentBytes { get; init; }

    public required double? AcknowledgementP99Ms { get; init; }

    public required double OthersCpuSeconds { get; init; }

    public required double Seconds { get; init; }

    public static HistoryFigures Of(LoadResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return new HistoryFigures
        {
            Scenario = result.Scenario,
            RecordsPerSecond = Math.Round(result.RecordsPerSecond),
            MegabytesPerSecond = Math.Round(result.MegabytesPerSecond, 2),
            BrokerCpuSecondsPerGigabyte = Rounded(result.BrokerCpuSecondsPerGigabyte),
            GeneratorCpuSecondsPerGigabyte = Math.Round(result.GeneratorCpuSecondsPerGigabyte, 3),
            BrokerPeakResidentBytes = result.Measured.Broker?.PeakResidentBytes,
            AcknowledgementP99Ms = Rounded(result.AcknowledgementLatency?.P99Ms),
            OthersCpuSeconds = Math.Round(result.Measured.OthersCpuSeconds, 2),
            Seconds = Math.Round(result.Measured.Seconds, 3),
        };
    }

    private static double? Rounded(double? value) => value is { } given ? Math.Round(given, 3) : null;
}
