using System.Globalization;
using BenchmarkDotNet.Running;

namespace FastLog.Benchmarks.Trials;

/// <summary>Every benchmark for a moment, without statistics: shows that all of them run, and roughly what they say.</summary>
internal static class SmokeRun
{
    private static readonly TimeSpan TimePerCase = TimeSpan.FromMilliseconds(50);

    public static void Print(TextWriter output)
    {
        output.WriteLine("A few calls each; for figures to compare run with --filter. Allocations are per call.");
        foreach (BenchmarkCase benchmark in BenchmarkTrial.Cases)
        {
            using BenchmarkTrial trial = BenchmarkTrial.SetUp(benchmark);
            TrialFigures figures = trial.Measure(allocatedBytesEnough: TrialFigures.NeverEnough, TimePerCase);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{BenchmarkTrial.NameOf(benchmark),-75} {figures.NanosecondsPerOperation,15:N1} ns {figures.AllocatedBytesPerCall,12:N0} B"));
        }
    }
}
