using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>Runs the loads of one scenario after another against the same brokers.</summary>
internal sealed class ScenarioRunner(
    IReadOnlyList<Target> targets,
    IReadOnlyList<ILoadDriver> drivers,
    SuiteExtent extent,
    LimitProbes limits,
    SuiteTopics topics,
    SuiteProgress progress)
{
    /// <summary>What brokers are warmed up with: full batches, and one record a request.</summary>
    private static readonly (string Scenario, long RecordsCount)[] WarmUps =
        [("produce-100b-fsync", 1_000_000), ("requests-fsync", 30_000)];

    /// <summary>Loads every broker for a while, so that none is measured with code that was never run.</summary>
    /// <exception cref="SuiteException">It failed.</exception>
    /// <exception cref="KafkaException">A broker cannot be reached.</exception>
    public async Task WarmUpAsync(CancellationToken cancellationToken)
    {
        foreach (Target target in targets)
        {
            progress.Say($"{target.Name}: warming up");
            foreach ((string name, long recordsCount) in WarmUps)
            {
                Scenario scenario = ScenarioTable.All.Single(one => one.Name == name);
                LoadOrder order = Order(scenario, new PlannedRun(0, Driver.Own, target)) with
                {
                    RecordsCount = recordsCount,
                    WarmupRecordsCount = 0,
                };
                await OnTopicAsync(
                    order, target, (on, token) => OwnDriver.RunAsync(OwnCommandLine.Of(on), token), cancellationToken);
            }
        }
    }

    /// <summary>Runs one; what fails is told in the result.</summary>
    public async Task<ScenarioResult> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        Dictionary<(Driver, Target), List<RunFigures>> runs = [];
        Dictionary<Target, string> filled = [];
        string? failure = null;
        LimitFigures? limit = null;
        try
        {
            await RunLoadsAsync(scenario, runs, filled, cancellationToken);
            double? valueBytesPerBatch = runs.Values.SelectMany(found => found).FirstOrDefault()?.ValueBytesPerBatch;
            if (LimitShape.Of(scenario.Load, valueBytesPerBatch) is { } shape)
            {
                progress.Say("limits of the machine");
                limit = await Task.Run(() => limits.Measure(shape), cancellationToken);
            }
        }
        catch (Exception e) when (e is SuiteException or KafkaException or ProcessGoneException or FormatException)
        {
            failure = e.Message;
            progress.Say($"FAILED: {e.Message}");
        }
        finally
        {
            foreach ((Target target, string topic) in filled)
            {
                await TryDeleteAsync(target, topic, cancellationToken);
            }
        }

        return new ScenarioResult
        {
            Scenario = scenario,
            Cases = [.. runs.Select(found => new CaseResult
            {
                Driver = found.Key.Item1,
                Target = found.Key.Item2.Name,
                Runs = found.Value,
            })],
            Limits = limit,
            Failure = failure,
        };
    }

    private async Task RunLoadsAsync(
        Scenario scenario,
        Dictionary<(Driver, Target), List<RunFigures>> runs,
        Dictionary<Target, string> filled,
        CancellationToken cancellationToken)
    {
        ILoadDriver[] fitting = [.. drivers.Where(driver => driver.Kind == Driver.Own || scenario.Load.IsForRdkafka)];
        foreach (PlannedRun run in Interleaving.Plan(extent.RunsCount, [.. fitting.Select(driver => driver.Kind)], targets))
        {
            ILoadDriver driver = fitting.Single(one => one.Kind == run.Driver);
            LoadOrder order = Order(scenario, run);
            if (scenario.Load.Type == LoadType.Consume)
            {
                order = order with { Topic = await FillAsync(order, filled, cancellationToken) };
            }

            if (run.Number == 1 && !driver.WarmsUp)
            {
                LoadOrder warmup = order with { Run = 0, RecordsCount = Math.Max(1, order.WarmupRecordsCount) };
                await OnTopicAsync(warmup, run.Target, driver.RunAsync, cancellationToken);
            }

            progress.Say($"run {run.Number} of {extent.RunsCount}, {Naming.By(run.Driver)}, {run.Target.Name}");
            RunFigures? figures = null;
            await OnTopicAsync(order, run.Target, async (on, token) => figures = await driver.RunAsync(on, token), cancellationToken);
            progress.SayFigures(scenario, figures!);
            runs.TryAdd((run.Driver, run.Target), []);
            runs[(run.Driver, run.Target)].Add(figures!);
        }
    }

    private LoadOrder Order(Scenario scenario, PlannedRun run) => new()
    {
        Scenario = scenario,
        Target = run.Target,
        Topic = "",
        Run = run.Number,
        RecordsCount = extent.RecordsOf(scenario.Load),
        WarmupRecordsCount = extent.WarmupOf(scenario.Load),
    };

    /// <summary>Gives what runs a topic of its own, unless it has one to read.</summary>
    private async Task OnTopicAsync(
        LoadOrder order, Target target, Func<LoadOrder, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        if (order.Topic.Length > 0)
        {
            await run(order, cancellationToken);
            return;
        }

        string topic = await topics.CreateAsync(target, order.Scenario, cancellationToken);
        try
        {
            await run(order with { Topic = topic }, cancellationToken);
        }
        finally
        {
            await TryDeleteAsync(target, topic, cancellationToken);
        }
    }

    /// <summary>Writes once what all runs against a broker read.</summary>
    private async Task<string> FillAsync(
        LoadOrder order, Dictionary<Target, string> filled, CancellationToken cancellationToken)
    {
        if (!filled.TryGetValue(order.Target, out string? topic))
        {
            progress.Say($"{order.Target.Name}: records to be read");
            topic = await topics.CreateAsync(order.Target, order.Scenario, cancellationToken);
            filled.Add(order.Target, topic);
            await OwnDriver.RunAsync(OwnCommandLine.Filling(order with { Topic = topic }), cancellationToken);
        }

        return topic;
    }

    /// <summary>After Ctrl-C the broker started here goes as a whole; only peers would keep what is not deleted.</summary>
    private static async Task TryDeleteAsync(Target target, string topic, CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested || target.IsPeer)
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(5));
            try
            {
                await SuiteTopics.DeleteAsync(target, topic, limit.Token);
            }
            catch (OperationCanceledException)
            {
                // The broker does not answer: the next load says so better.
            }
        }
    }
}
