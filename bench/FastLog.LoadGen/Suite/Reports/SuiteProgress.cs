using System.Diagnostics;
using System.Globalization;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>Says on standard error what is going on.</summary>
internal sealed class SuiteProgress
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();

    public void Head(int number, int count, Scenario scenario) =>
        Write($"== {number}/{count} {scenario.Name}: {scenario.Title}");

    public void Say(string text) => Write($"   {text}");

    public void SayFigures(Scenario scenario, RunFigures figures)
    {
        FigureKind[] shown = scenario.Load.Type == LoadType.Groups
            ? [FigureKind.RecordsPerSecond, FigureKind.P99Ms, FigureKind.BrokerCpus, FigureKind.ResidentMegabytes]
            : scenario.Load.Rate is null
            ? [FigureKind.RecordsPerSecond, FigureKind.MegabytesPerSecond, FigureKind.BrokerCpuSecondsPerGigabyte]
            : [FigureKind.P50Ms, FigureKind.P99Ms, FigureKind.MaxMs];
        Write("   -> " + string.Join(", ", shown.Select(kind => $"{Figures.Show(figures.Of(kind), kind)} {Figures.Name(kind)}")));
    }

    private void Write(string text)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_startedAt);
        Console.Error.WriteLine(elapsed.ToString(@"mm\:ss", CultureInfo.InvariantCulture) + " " + text);
    }
}
