using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>The scenarios that are no load: memory after all of them, and the time to start.</summary>
internal sealed class SingleFigures(
    IReadOnlyList<Target> targets, SuiteExtent extent, StartTiming start, SuiteProgress progress)
{
    public async Task<ScenarioResult> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        try
        {
            return new ScenarioResult
            {
                Scenario = scenario,
                Cases = scenario.Load.Type == LoadType.Memory ? Memory() : [await StartsAsync(cancellationToken)],
            };
        }
        catch (Exception e) when (e is SuiteException or KafkaException or ProcessGoneException)
        {
            progress.Say($"FAILED: {e.Message}");
            return new ScenarioResult { Scenario = scenario, Failure = e.Message };
        }
    }

    private IReadOnlyList<CaseResult> Memory() =>
        [.. targets.Where(target => target.Pid is not null).Select(target => new CaseResult
        {
            Driver = Driver.Own,
            Target = target.Name,
            Runs = [Empty(1) with { ResidentBytes = new ProcessProbe(target.Pid!.Value).Take().ResidentBytes }],
        })];

    private async Task<CaseResult> StartsAsync(CancellationToken cancellationToken)
    {
        // The first runs the client's code for the first time, so it counts for nothing.
        await start.MeasureAsync(cancellationToken);
        List<RunFigures> runs = [];
        for (int run = 1; run <= extent.StartsCount; run++)
        {
            double seconds = await start.MeasureAsync(cancellationToken);
            progress.Say($"start {run} of {extent.StartsCount}: {Figures.Show(seconds, FigureKind.StartSeconds)} s");
            runs.Add(Empty(run) with { StartSeconds = seconds });
        }

        return new CaseResult { Driver = Driver.Own, Target = Target.OwnName, Runs = runs };
    }

    private static RunFigures Empty(int run) => new() { Run = run, Command = "", Seconds = 0, RecordsCount = 0, BytesCount = 0 };
}
