using System.Globalization;
using System.Text;
using FastLog.LoadGen.Suite.Judging;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>A run for the person before the terminal: lines that are never wrapped here, so that a file has them whole.</summary>
internal static class TerminalTable
{
    public static string Render(SuiteReport report)
    {
        StringBuilder text = new("\n");
        IReadOnlyList<string>[] rows = [TableRows.Heads, .. TableRows.Of(report)];
        int[] widths = [.. Enumerable.Range(0, TableRows.Heads.Count).Select(column => rows.Max(row => row[column].Length))];
        foreach (IReadOnlyList<string> row in rows)
        {
            IEnumerable<string> cells = row.Select((cell, column) =>
                TableRows.IsText(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        AddRatios(text, report);
        AddMisses(text, report);
        foreach (CeilingFigures ceiling in report.Ceilings)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\nThe own generator's ceiling, {ceiling.Load}: {ceiling.RecordsPerSecond:N0} records/s, {ceiling.GeneratorCpuSecondsPerGigabyte:N2} CPU s/GB");
        }

        return text.Append('\n').ToString();
    }

    private static void AddRatios(StringBuilder text, SuiteReport report)
    {
        if (report.Ratios.Count > 0)
        {
            text.Append("\nRatios of medians, FastLog to peer:\n");
        }

        foreach (IGrouping<(string, string, string), Ratio> group in report.Ratios
            .GroupBy(ratio => (ratio.Scenario, Naming.By(ratio.Driver), ratio.Peer)))
        {
            (string scenario, string by, string peer) = group.Key;
            text.Append(CultureInfo.InvariantCulture, $"  {scenario} by {by}, FastLog / {peer}: ")
                .AppendJoin(", ", group.Select(RatioText)).Append('\n');
        }
    }

    public static string RatioText(Ratio ratio) =>
        string.Create(CultureInfo.InvariantCulture, $"{ratio.Value:N2} x {Scenarios.Figures.Name(ratio.Kind)}");

    private static void AddMisses(StringBuilder text, SuiteReport report)
    {
        Verdict[] missed = [.. report.Verdicts.Where(verdict => verdict.Outcome == Outcome.NotReached)];
        int reached = report.Verdicts.Count(verdict => verdict.Outcome == Outcome.Reached);
        text.Append(CultureInfo.InvariantCulture, $"\n{reached} goals reached, {missed.Length} not:\n");
        foreach (Verdict verdict in missed)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {verdict.Scenario}: {verdict.FigureText}, goal {verdict.Goal.Text}\n");
        }
    }
}
