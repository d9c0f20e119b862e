using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>What is kept of a run for comparing it with others.</summary>
internal sealed record HistoryLine
{
    public required DateTimeOffset Date { get; init; }

    public required string Commit { get; init; }

    public required string Command { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<HistoryFigures> Scenarios { get; init; }

    public static HistoryLine Of(SuiteReport report) => new()
    {
        Date = report.Date,
        Commit = report.Commit,
        Command = report.Command,
        Machine = report.Machine,
        Scenarios = [.. report.Results.SelectMany(result =>
            result.Cases.Select(measured => HistoryFigures.Of(result.Scenario, measured)))],
    };
}

/// <summary>The medians of one scenario, by one driver, of one broker.</summary>
internal sealed record HistoryFigures
{
    public required string Scenario { get; init; }

    /// <summary>Lines from before there were others have none.</summary>
    public string Driver { get; init; } = Naming.By(Runs.Driver.Own);

    /// <inheritdoc cref="Driver"/>
    public string Broker { get; init; } = Targets.Target.OwnName;

    public double? RecordsPerSecond { get; init; }

    public double? MegabytesPerSecond { get; init; }

    public double? BrokerCpuSecondsPerGigabyte { get; init; }

    public double? BrokerCpuMicrosecondsPerRecord { get; init; }

    public double? P50Ms { get; init; }

    public double? P99Ms { get; init; }

    public double? MaxMs { get; init; }

    public double? ResidentMegabytes { get; init; }

    public double? StartSeconds { get; init; }

    public double? OthersCpuShare { get; init; }

    public static HistoryFigures Of(Scenario scenario, CaseResult measured) => new()
    {
        Scenario = scenario.Name,
        Driver = Naming.By(measured.Driver),
        Broker = measured.Target,
        RecordsPerSecond = Rounded(measured.Median(FigureKind.RecordsPerSecond), 0),
        MegabytesPerSecond = Rounded(measured.Median(FigureKind.MegabytesPerSecond), 2),
        BrokerCpuSecondsPerGigabyte = Rounded(measured.Median(FigureKind.BrokerCpuSecondsPerGigabyte), 3),
        BrokerCpuMicrosecondsPerRecord = Rounded(measured.Median(FigureKind.BrokerCpuMicrosecondsPerRecord), 3),
        P50Ms = Rounded(measured.Median(FigureKind.P50Ms), 3),
        P99Ms = Rounded(measured.Median(FigureKind.P99Ms), 3),
        MaxMs = Rounded(measured.Median(FigureKind.MaxMs), 3),
        ResidentMegabytes = Rounded(measured.Median(FigureKind.ResidentMegabytes), 1),
        StartSeconds = Rounded(measured.Median(FigureKind.StartSeconds), 3),
        OthersCpuShare = Rounded(measured.OthersShare, 2),
    };

    private static double? Rounded(double? value, int digits) => value is { } given ? Math.Round(given, digits) : null;
}
