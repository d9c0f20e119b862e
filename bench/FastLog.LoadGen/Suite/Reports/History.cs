using System.Text.Json;
using FastLog.Load.Results;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>The file with one line for every run that was kept.</summary>
internal static class History
{
    private static readonly JsonSerializerOptions Names = new(JsonSerializerDefaults.Web);

    public static Task AppendAsync(string file, SuiteReport report, CancellationToken cancellationToken) =>
        File.AppendAllTextAsync(file, ResultJson.Write(HistoryLine.Of(report), isIndented: false) + "\n", cancellationToken);

    /// <summary>FastLog's last figures of a scenario by a driver; null when it never ran. Lines of another form are
    /// passed over.</summary>
    public static HistoryFigures? Last(IEnumerable<string> lines, string scenario, string driver) => lines
        .SelectMany(FiguresIn)
        .LastOrDefault(figures => figures.Scenario == scenario && figures.Driver == driver
            && figures.Broker == Targets.Target.OwnName);

    private static IReadOnlyList<HistoryFigures> FiguresIn(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryLine>(line, Names)?.Scenarios ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
