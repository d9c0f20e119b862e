using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Charts;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>Writes a run into a folder of its own, and one line of it into the history.</summary>
internal static class ReportFolder
{
    private const string HistoryName = "history.jsonl";

    /// <returns>The folder; a later run of one day and commit replaces an earlier one.</returns>
    public static async Task<string> WriteAsync(
        string parent, SuiteReport report, string rawFolder, PathScrubber scrubber, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(parent, NameOf(report));
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        string charts = Directory.CreateDirectory(Path.Combine(folder, "charts")).FullName;
        string raw = Directory.CreateDirectory(Path.Combine(folder, "raw")).FullName;
        foreach (string file in Directory.EnumerateFiles(rawFolder))
        {
            File.Copy(file, Path.Combine(raw, Path.GetFileName(file)));
        }

        string history = Path.Combine(parent, HistoryName);
        string[] lines = File.Exists(history) ? await File.ReadAllLinesAsync(history, cancellationToken) : [];
        IReadOnlyList<(string File, string Title, string Svg)> drawn = ReportCharts.Draw(report, lines);
        foreach ((string file, _, string svg) in drawn)
        {
            await File.WriteAllTextAsync(Path.Combine(charts, file), svg, cancellationToken);
        }

        string text = new MarkdownReport(report, [.. drawn.Select(chart => ($"charts/{chart.File}", chart.Title))]).Render();
        await File.WriteAllTextAsync(Path.Combine(folder, "report.md"), scrubber.Clean(text), cancellationToken);
        string json = ResultJson.Write(report, isIndented: true) + "\n";
        await File.WriteAllTextAsync(Path.Combine(folder, "results.json"), scrubber.Clean(json), cancellationToken);
        await History.AppendAsync(history, report, cancellationToken);
        return folder;
    }

    public static string NameOf(SuiteReport report) => $"{report.Date.UtcDateTime:yyyy-MM-dd}-{report.Commit.Split(' ')[0]}";
}
