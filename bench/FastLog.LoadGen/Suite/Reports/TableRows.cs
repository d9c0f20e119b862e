using System.Globalization;
using FastLog.LoadGen.Suite.Judging;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>The table of a run, on the terminal and in the report alike.</summary>
internal static class TableRows
{
    public static IReadOnlyList<string> Heads { get; } =
    [
        "scenario", "by", "broker", "records/s", "MB/s", "CPU s/GB", "CPU µs/record", "p50 / p99 / max ms", "CPUs busy", "MB resident", "limit", "of limit",
        "others' CPU", "goal",
    ];

    /// <summary>The columns whose cells are words.</summary>
    public static bool IsText(int column) => column is 0 or 1 or 2 || column == Heads.Count - 1;

    public static IEnumerable<IReadOnlyList<string>> Of(SuiteReport report) => report.Results.SelectMany(Of);

    private static IEnumerable<IReadOnlyList<string>> Of(ScenarioResult result)
    {
        foreach (CaseResult measured in result.Cases)
        {
            bool isLoad = result.Scenario.Load.IsLoad;
            yield return
            [
                result.Scenario.Name,
                isLoad ? Naming.By(measured.Driver) : "",
                measured.Target,
                isLoad ? Show(measured, FigureKind.RecordsPerSecond) : Single(measured),
                Show(measured, FigureKind.MegabytesPerSecond),
                Show(measured, FigureKind.BrokerCpuSecondsPerGigabyte),
                Show(measured, FigureKind.BrokerCpuMicrosecondsPerRecord),
                measured.Median(FigureKind.P50Ms) is null
                    ? "-"
                    : $"{Show(measured, FigureKind.P50Ms)} / {Show(measured, FigureKind.P99Ms)} / {Show(measured, FigureKind.MaxMs)}",
                isLoad ? Show(measured, FigureKind.BrokerCpus) : "-",
                isLoad ? Show(measured, FigureKind.ResidentMegabytes) : "-",
                Limit(result),
                FractionOfLimit(result, measured),
                measured.OthersShare is { } share ? share.ToString("P0", CultureInfo.InvariantCulture) : "-",
                measured.IsPeer ? "" : Goals(result, measured),
            ];
        }

        if (result.Failure is { } failure)
        {
            yield return [result.Scenario.Name, "", "", .. Enumerable.Repeat("", Heads.Count - 4), $"failed: {failure}"];
        }
    }

    /// <summary>The goals that this driver's figures decide, each with what became of it.</summary>
    private static string Goals(ScenarioResult result, CaseResult measured) => string.Join(", ", Judge.Of(result)
        .Where(verdict => verdict.Driver == measured.Driver || (verdict.Driver is null && measured.Driver == Driver.Own))
        .Select(verdict => $"{verdict.Goal.Text}{Mark(verdict.Outcome)}"));

    private static string Mark(Outcome outcome) => outcome switch
    {
        Outcome.Reached => " ✓",
        Outcome.NotReached => " ✗",
        _ => " (not measured)",
    };

    private static string Limit(ScenarioResult result) => result switch
    {
        { Limits: null } => "-",
        { Scenario.Load.Rate: not null } => $"{Number(result.Limits.FloorMs, "N2")} ms",
        _ => $"{Number(result.Limits.MegabytesPerSecond, "N1")} MB/s ({result.Limits.Narrower})",
    };

    /// <summary>Speeds as a share of the narrower limit; for an open loop the share of the median latency that disk and
    /// loopback alone take.</summary>
    public static string FractionOfLimit(ScenarioResult result, CaseResult measured)
    {
        if (result.Limits is not { } limits)
        {
            return "-";
        }

        double? fraction = result.Scenario.Load.Rate is not null
            ? measured.Median(FigureKind.P50Ms) is { } p50 ? limits.LatencyFraction(p50) : null
            : measured.Median(FigureKind.MegabytesPerSecond) is { } speed ? limits.FractionOf(speed) : null;
        return fraction is { } share ? share.ToString("P0", CultureInfo.InvariantCulture) : "-";
    }

    private static string Single(CaseResult measured) =>
        measured.Median(FigureKind.ResidentMegabytes) is { } megabytes
            ? $"{Figures.Show(megabytes, FigureKind.ResidentMegabytes)} MB"
            : $"{Show(measured, FigureKind.StartSeconds)} s";

    private static string Show(CaseResult measured, FigureKind kind) => Figures.Show(measured.Median(kind), kind);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
