using System.Globalization;
using System.Text;
using FastLog.LoadGen.Suite.Judging;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>Writes a run for people who were not there.</summary>
/// <param name="report">The run.</param>
/// <param name="charts">The drawings that were made of it: file and what it shows.</param>
internal sealed class MarkdownReport(SuiteReport report, IReadOnlyList<(string File, string Title)> charts)
{
    private readonly StringBuilder _text = new();

    public string Render()
    {
        Line($"# Benchmark of {report.Date.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        Line($"");
        Line($"Made by `{report.Command}` at commit {report.Commit}, {Runs()}.");
        Line($"");
        AddMachine();
        AddTable();
        AddMisses();
        AddRatios();
        AddCharts();
        AddLimits();
        AddKafka();
        _text.Append('\n').Append(ReportTexts.HowToRead).Append("\n\n");
        AddCommands();
        return _text.ToString();
    }

    private string Runs() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(report.Extent.RunsCount == 1 ? "one run of each load" : $"medians of {report.Extent.RunsCount} runs of each load")}, {report.Extent.RecordsScale:0.###} of the full count of records");

    private void AddMachine()
    {
        Machine machine = report.Machine;
        Line($"- {machine.CpusCount} CPUs ({machine.CpuModel}), {machine.MemoryBytes / 1e9:N1} GB of memory, Linux {machine.Kernel}, {machine.Runtime}; broker, peers and generator share it");
        Line($"- log on {report.FileSystem}");
        Line($"- fsync: {FlushPolicy()}");
        Line($"- how disturbed: load average before the run {report.LoadAverageBefore}; {Disturbance()}");
        Line($"");
    }

    /// <summary>As the broker itself answered, not as it was told.</summary>
    private string FlushPolicy()
    {
        string[] told = [.. report.Results
            .Where(result => result.Scenario.Load.IsLoad)
            .SelectMany(result => result.Own(Driver.Own)?.Runs ?? [])
            .Select(run => run.TopicFlushMessages)
            .Where(flush => flush is not null)
            .Select(flush => flush == "1" ? "1 (synced before every acknowledgement)" : $"{flush} (not synced)")
            .Distinct()];
        return told.Length == 0
            ? "the broker was not asked"
            : $"by scenario, through the topic's flush.messages; the broker reported {string.Join(" and ", told)}";
    }

    private string Disturbance()
    {
        double? most = report.Results.SelectMany(result => result.Cases).Max(measured => measured.OthersShare);
        return most is { } share
            ? string.Create(CultureInfo.InvariantCulture, $"others took up to {share:P0} of one CPU during a load")
            : "no load to look beside";
    }

    private void AddTable()
    {
        Row(TableRows.Heads);
        Row([.. TableRows.Heads.Select((_, column) => TableRows.IsText(column) ? "---" : "---:")]);
        foreach (IReadOnlyList<string> row in TableRows.Of(report))
        {
            Row(row);
        }

        foreach (CeilingFigures ceiling in report.Ceilings)
        {
            Line($"");
            Line($"The own generator's ceiling, against a sink that only acknowledges, {ceiling.Load}: {ceiling.RecordsPerSecond:N0} records/s, {ceiling.MegabytesPerSecond:N1} MB/s, {ceiling.GeneratorCpuSecondsPerGigabyte:N2} CPU s/GB. No broker shows as faster than that.");
        }
    }

    private void AddMisses()
    {
        Line($"");
        Line($"## Not reached");
        Line($"");
        Verdict[] open = [.. report.Verdicts.Where(verdict => verdict.Outcome != Outcome.Reached)];
        if (open.Length == 0 && report.Results.All(result => result.Failure is null))
        {
            Line($"Nothing: all goals of the scenarios that ran are reached.");
            return;
        }

        foreach (Verdict verdict in open)
        {
            string found = verdict.Outcome == Outcome.NotMeasured
                ? verdict.Goal.Kind == FigureKind.RatioToPeer ? "not measured, no peer was given" : "not measured"
                : $"{verdict.FigureText}, by {Naming.By(verdict.Driver!.Value)}";
            Line($"- {verdict.Scenario}: {found}; goal {verdict.Goal.Text}");
        }

        foreach (ScenarioResult failed in report.Results.Where(result => result.Failure is not null))
        {
            Line($"- {failed.Scenario.Name} failed: {failed.Failure}");
        }
    }

    private void AddRatios()
    {
        if (report.Ratios.Count == 0)
        {
            return;
        }

        Line($"");
        Line($"## FastLog to peers");
        Line($"");
        Line($"Ratios of medians; runs were interleaved, FastLog and peers in turns. More is better for records/s, less for the others.");
        Line($"");
        Row(["scenario", "by", "peer", "ratios"]);
        Row(["---", "---", "---", "---"]);
        foreach (IGrouping<(string Scenario, Driver Driver, string Peer), Ratio> group in
            report.Ratios.GroupBy(ratio => (ratio.Scenario, ratio.Driver, ratio.Peer)))
        {
            Row([group.Key.Scenario, Naming.By(group.Key.Driver), group.Key.Peer, string.Join(", ", group.Select(TerminalTable.RatioText))]);
        }
    }

    private void AddCharts()
    {
        foreach ((string file, string title) in charts)
        {
            Line($"");
            Line($"![{title}]({file})");
        }
    }

    private void AddLimits()
    {
        Line($"");
        Line($"## Limits of the machine, measured in the same run");
        Line($"");
        Row(["scenario", "bytes a message", "on the way", "pwrite + fdatasync MB/s", "the same, synced one by one", "one write and sync ms", "loopback MB/s", "loopback round trip ms"]);
        Row(["---", "---:", "---:", "---:", "---:", "---:", "---:", "---:"]);
        foreach (ScenarioResult result in report.Results.Where(result => result.Limits is not null))
        {
            Limits.LimitFigures limits = result.Limits!;
            Row(
            [
                result.Scenario.Name,
                Number(Math.Max(limits.Shape.SentBytes, limits.Shape.AnswerBytes), "N0"),
                Number(limits.Shape.OnTheWayMax, "N0"),
                Number(limits.DiskMegabytesPerSecond, "N1"),
                Number(limits.DiskSyncEachMegabytesPerSecond, "N1"),
                Number(limits.DiskSyncEachMs, "N3"),
                Number(limits.LoopbackMegabytesPerSecond, "N1"),
                Number(limits.LoopbackRoundTripMs, "N3"),
            ]);
        }
    }

    private void AddKafka()
    {
        ScenarioResult[] known = [.. report.Results.Where(result => result.Scenario.KafkaFigures is not null)];
        if (known.Length == 0)
        {
            return;
        }

        Line($"");
        Line($"## For comparison");
        Line($"");
        Line($"{ScenarioTable.KafkaSource}. Not measured in this run; `--peer` does that.");
        Line($"");
        foreach (ScenarioResult result in known)
        {
            Line($"- {result.Scenario.Title}: {result.Scenario.KafkaFigures}");
        }
    }

    private void AddCommands()
    {
        Line($"## Commands");
        Line($"");
        Line($"```sh");
        Line($"{report.BrokerCommand}");
        foreach (CaseResult measured in report.Results.SelectMany(result => result.Cases))
        {
            if (!measured.IsPeer && measured.Runs[0].Command is { Length: > 0 } command)
            {
                Line($"{command}");
            }
        }

        Line($"```");
        Line($"");
        Line($"Peers had the same at their own addresses. What all of them printed is in `raw/`, all figures in `results.json`.");
    }

    private void Row(IEnumerable<string> cells) =>
        _text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
