using System.CommandLine;
using System.Runtime.InteropServices;
using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite;

/// <summary><c>suite</c>: all scenarios against a broker that is started for them; <c>./runbench.sh</c> calls this.</summary>
internal static class SuiteCommand
{
    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Fewer records and one run of each load: within three minutes, building aside; the figures say less.",
    };

    private static readonly Option<string[]> ScenarioNames = new("--scenario")
    {
        Description = "Only this one (repeatable).",
        HelpName = "NAME",
    };

    private static readonly Option<bool> List = new("--list") { Description = "List the scenarios and end." };

    private static readonly Option<int?> RunsCount = new("--runs")
    {
        Description = "Runs of each load, of which medians are told (3; with --quick 1).",
    };

    private static readonly Option<bool> NoReport = new("--no-report")
    {
        Description = "Print the table only; leave perf-reports/ alone.",
    };

    private static readonly Option<string> DataDirectory = new("--data-dir")
    {
        Description = "Keep the broker's log in a fresh folder below this one.",
        DefaultValueFactory = _ => "artifacts/bench",
    };

    private static readonly Option<double?> RecordsScale = new("--records-scale")
    {
        Description = "What the full counts of records are multiplied by (1; with --quick 0.15).",
    };

    private static readonly Option<string[]> Peers = new("--peer")
    {
        Description = "Another broker that speaks the Kafka protocol: the same loads run against it, in turns with FastLog, and "
            + "ratios are printed (repeatable). With its process id, what it uses is read from /proc. It keeps running.",
        HelpName = "NAME=HOST:PORT[,pid=N]",
    };

    private static readonly Option<string?> Rdkafka = new("--rdkafka-performance")
    {
        Description = "librdkafka's rdkafka_performance: drives the loads that it can, too.",
        HelpName = "PROGRAM",
    };

    private static readonly Option<string> Server = new("--server")
    {
        Description = "The executable of the broker.",
        DefaultValueFactory = _ => "artifacts/bench/server/fastlog",
    };

    public static Command Create()
    {
        Command suite = new("suite", "Start a broker on a fresh directory, run the scenarios, stop it, and report.")
        {
            Quick, ScenarioNames, List, RunsCount, NoReport, DataDirectory, RecordsScale, Peers, Rdkafka, Server,
        };
        suite.SetAction(RunAsync);
        return suite;
    }

    /// <summary>The options of a command line.</summary>
    /// <exception cref="FormatException">One makes no sense; the message says why.</exception>
    public static SuiteOptions Read(ParseResult parsed)
    {
        SuiteExtent extent = parsed.GetValue(Quick) ? SuiteExtent.Quick : SuiteExtent.Full;
        int runs = parsed.GetValue(RunsCount) ?? extent.RunsCount;
        double scale = parsed.GetValue(RecordsScale) ?? extent.RecordsScale;
        if (runs is < 1 or > 1000 || scale is not (> 0 and <= 1000))
        {
            throw new FormatException("--runs must be 1 to 1000, and --records-scale above 0 and at most 1000");
        }

        return new SuiteOptions
        {
            Extent = extent with { RunsCount = runs, RecordsScale = scale },
            Scenarios = SuiteOptions.Named(parsed.GetValue(ScenarioNames) ?? []),
            Peers = PeerOption.ParseAll(parsed.GetValue(Peers) ?? []),
            Server = Path.GetFullPath(parsed.GetValue(Server)!),
            DataFolder = Path.GetFullPath(parsed.GetValue(DataDirectory)!),
            RdkafkaProgram = parsed.GetValue(Rdkafka) is { } program ? Path.GetFullPath(program) : null,
            IsReported = !parsed.GetValue(NoReport),
            Command = string.Join(' ', ["./runbench.sh", .. parsed.Tokens.Skip(1).Select(token => token.Value)]),
        };
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(List))
        {
            foreach (Scenario scenario in ScenarioTable.All)
            {
                Console.WriteLine($"{scenario.Name,-24}{scenario.Title}");
            }

            return 0;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopping.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            return await new SuiteRun(Read(parsed)).RunAsync(stopping.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("runbench: ended before its time; nothing is left behind");
            return 130;
        }
        catch (Exception e) when (e is FormatException or SuiteException or KafkaException or ProcessGoneException or IOException
            or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"runbench: {e.Message}");
            return 1;
        }
    }
}
