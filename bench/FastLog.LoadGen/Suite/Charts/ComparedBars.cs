using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Charts;

/// <summary>Bars of FastLog beside what it is to be held against.</summary>
internal static class ComparedBars
{
    private const int OwnColour = 0;
    private const int LastColour = 5;
    private const int PeerColour = 1;
    private const int GoalColour = 2;
    private const int LimitColour = 6;

    /// <summary>Null when there was no load at full speed.</summary>
    public static string? Throughput(SuiteReport report, IReadOnlyList<string> history)
    {
        BarGroup[] groups = [.. report.Results
            .Where(result => result.Scenario.Load is { IsLoad: true, Rate: null })
            .Select(result => ThroughputOf(result, history))
            .Where(group => group.Bars.Count > 0)];
        return groups.Length == 0 ? null : BarChart.Draw("Throughput (bars compare within a group)", groups);
    }

    /// <summary>Null when no broker's process was looked at.</summary>
    public static string? Cpu(SuiteReport report, IReadOnlyList<string> history)
    {
        BarGroup[] groups = [.. report.Results
            .Where(result => result.Scenario.Load.IsLoad)
            .Select(result =>
            {
                FigureKind kind = result.Scenario.Load.IsRecordPerRequest
                    ? FigureKind.BrokerCpuMicrosecondsPerRecord
                    : FigureKind.BrokerCpuSecondsPerGigabyte;
                return new BarGroup($"{result.Scenario.Name}: {Figures.Name(kind)}", [.. Measured(result, kind, history)]);
            })
            .Where(group => group.Bars.Count > 0)];
        return groups.Length == 0 ? null : BarChart.Draw("Broker CPU for what was moved (less is better)", groups);
    }

    private static BarGroup ThroughputOf(ScenarioResult result, IReadOnlyList<string> history)
    {
        bool isInRecords = result.Scenario.Load.IsRecordPerRequest;
        FigureKind kind = isInRecords ? FigureKind.RecordsPerSecond : FigureKind.MegabytesPerSecond;
        List<Bar> bars = [.. Measured(result, kind, history)];
        if (bars.Count > 0 && result.Limits is { } limits)
        {
            double perMegabyte = isInRecords ? 1e6 / result.Scenario.Load.RecordSizeBytes : 1;
            bars.AddRange(LimitBars(limits, kind, perMegabyte));
        }

        return new BarGroup($"{result.Scenario.Name}: {Figures.Name(kind)}", bars);
    }

    private static IEnumerable<Bar> LimitBars(LimitFigures limits, FigureKind kind, double perMegabyte)
    {
        if (limits.DiskMegabytesPerSecond is { } disk)
        {
            yield return Of(limits.Shape.IsSynced ? "pwrite + fdatasync" : "pwrite", disk * perMegabyte, kind, LimitColour);
        }

        yield return Of("bare loopback", limits.LoopbackMegabytesPerSecond * perMegabyte, kind, LimitColour);
    }

    private static IEnumerable<Bar> Measured(ScenarioResult result, FigureKind kind, IReadOnlyList<string> history)
    {
        foreach (CaseResult measured in result.Cases)
        {
            if (measured.Median(kind) is { } figure)
            {
                yield return Of($"{measured.Target} by {Naming.By(measured.Driver)}", figure, kind, measured.IsPeer ? PeerColour : OwnColour);
            }

            if (!measured.IsPeer && Before(result.Scenario.Name, measured.Driver, kind, history) is { } before)
            {
                yield return Of($"the run before, by {Naming.By(measured.Driver)}", before, kind, LastColour);
            }
        }

        foreach (Goal goal in result.Scenario.Goals)
        {
            if (BoundIn(kind, goal, result.Scenario.Load.RecordSizeBytes) is { } bound)
            {
                yield return Of(goal.IsForOwnGenerator ? "goal, own generator" : "goal", bound, kind, GoalColour);
            }
        }
    }

    /// <summary>A goal in the unit of the bars; null when it is for something else.</summary>
    private static double? BoundIn(FigureKind kind, Goal goal, int recordSizeBytes) => (kind, goal.Kind) switch
    {
        _ when kind == goal.Kind => goal.Bound,
        (FigureKind.MegabytesPerSecond, FigureKind.RecordsPerSecond) => goal.Bound * recordSizeBytes / 1e6,
        _ => null,
    };

    private static double? Before(string scenario, Driver driver, FigureKind kind, IReadOnlyList<string> history)
    {
        HistoryFigures? last = History.Last(history, scenario, Naming.By(driver));
        return kind switch
        {
            FigureKind.RecordsPerSecond => last?.RecordsPerSecond,
            FigureKind.MegabytesPerSecond => last?.MegabytesPerSecond,
            FigureKind.BrokerCpuSecondsPerGigabyte => last?.BrokerCpuSecondsPerGigabyte,
            FigureKind.BrokerCpuMicrosecondsPerRecord => last?.BrokerCpuMicrosecondsPerRecord,
            _ => null,
        };
    }

    private static Bar Of(string name, double value, FigureKind kind, int colour) => new(name, value, Figures.Show(value, kind), colour);
}
