using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite;

/// <summary>One run of the suite: a fresh folder and a broker on it, all scenarios, the report; then both go away.</summary>
internal sealed class SuiteRun(SuiteOptions options)
{
    private const string BrokerOutput = "broker.txt";
    private const string StartOutput = "start.txt";

    private readonly SuiteProgress _progress = new();

    /// <returns>The exit code: 1 when a scenario failed.</returns>
    /// <exception cref="SuiteException">There is no broker to measure.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Server))
        {
            throw new SuiteException($"there is no {options.Server}; ./runbench.sh builds it");
        }

        DateTimeOffset date = DateTimeOffset.UtcNow;
        string loadAverage = Surroundings.LoadAverage();
        string commit = await Surroundings.CommitAsync(cancellationToken);
        using FreshFolder fresh = new(options.DataFolder);
        string rawFolder = Directory.CreateDirectory(fresh.Below("raw")).FullName;
        RawOutput raw = new(rawFolder, Scrubber(fresh));
        string fileSystem = await Surroundings.FileSystemAsync(fresh.FolderPath, cancellationToken);
        _progress.Say($"log on {fileSystem}");
        if (fileSystem.StartsWith("tmpfs", StringComparison.Ordinal) || fileSystem.StartsWith("ramfs", StringComparison.Ordinal))
        {
            _progress.Say("that is memory, not a disk: fsync costs nothing there, and the figures say nothing about it");
        }

        (IReadOnlyList<ScenarioResult> results, IReadOnlyList<CeilingFigures> ceilings, string brokerCommand) =
            await MeasureAsync(fresh, raw, cancellationToken);
        SuiteReport report = new()
        {
            Date = date,
            Commit = commit,
            Command = Scrubber(fresh).Clean(options.Command),
            BrokerCommand = Scrubber(fresh).Clean(brokerCommand),
            FileSystem = fileSystem,
            LoadAverageBefore = loadAverage,
            Machine = Machine.Describe(),
            Extent = options.Extent,
            Results = results,
            Ceilings = ceilings,
        };
        Console.WriteLine(TerminalTable.Render(report));
        if (options.IsReported)
        {
            await raw.CleanAsync(BrokerOutput, cancellationToken);
            await raw.CleanAsync(StartOutput, cancellationToken);
            string folder = await ReportFolder.WriteAsync("perf-reports", report, rawFolder, Scrubber(fresh), cancellationToken);
            _progress.Say($"report in {folder}");
        }

        return results.Any(result => result.Failure is not null) ? 1 : 0;
    }

    private async Task<(IReadOnlyList<ScenarioResult> Results, IReadOnlyList<CeilingFigures> Ceilings, string BrokerCommand)>
        MeasureAsync(FreshFolder fresh, RawOutput raw, CancellationToken cancellationToken)
    {
        await using BrokerProcess broker = BrokerProcess.Start(
            options.Server, fresh.Below("log"), Path.Combine(raw.Folder, BrokerOutput));
        await broker.WaitUntilReadyAsync(cancellationToken);
        Target own = new(Target.OwnName, broker.Address, broker.Pid, IsPeer: false);
        IReadOnlyList<Target> targets = [own, .. options.Peers];
        List<ILoadDriver> drivers = [new OwnDriver(raw)];
        if (options.RdkafkaProgram is { } program)
        {
            drivers.Add(new RdkafkaDriver(program, raw));
        }

        ScenarioRunner loads = new(
            targets, drivers, options.Extent, new LimitProbes(fresh.FolderPath, options.Extent.ProbeTime),
            new SuiteTopics(Guid.NewGuid().ToString("N")[..8]), _progress);
        SingleFigures singles = new(
            targets, options.Extent, new StartTiming(options.Server, fresh.FolderPath, Path.Combine(raw.Folder, StartOutput)), _progress);
        List<ScenarioResult> results = [];
        bool hasLoads = options.Scenarios.Any(scenario => scenario.Load.IsLoad);
        if (hasLoads)
        {
            await loads.WarmUpAsync(cancellationToken);
        }

        foreach (Scenario scenario in options.Scenarios)
        {
            broker.ThrowIfEnded();
            _progress.Head(results.Count + 1, options.Scenarios.Count, scenario);
            results.Add(scenario.Load.IsLoad
                ? await loads.RunAsync(scenario, cancellationToken)
                : await singles.RunAsync(scenario, cancellationToken));
        }

        IReadOnlyList<CeilingFigures> ceilings =
            hasLoads ? await Ceilings.MeasureAsync(options.Extent, raw, _progress, cancellationToken) : [];
        await broker.StopAsync();
        return (results, ceilings, broker.CommandLine);
    }

    private PathScrubber Scrubber(FreshFolder fresh)
    {
        Dictionary<string, string> names = new()
        {
            [fresh.FolderPath] = "DIR",
            [options.DataFolder] = "DIR",
            [Directory.GetCurrentDirectory()] = ".",
            [Path.GetDirectoryName(options.Server)! + "/"] = "",
        };
        if (options.RdkafkaProgram is { } program)
        {
            names[program] = Path.GetFileName(program);
        }

        return new PathScrubber(names);
    }
}
