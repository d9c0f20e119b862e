using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary>The options that every load takes.</summary>
internal sealed class LoadOptions
{
    private const long RecordsDefault = 10_000_000;
    private const double PacedSecondsDefault = 10;

    private readonly Option<string> _bootstrapServer = new("--bootstrap-server", "-b")
    {
        Description = "Where the broker listens.",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => "127.0.0.1:9092",
    };

    private readonly Option<string> _topic = new("--topic") { Description = "The topic.", DefaultValueFactory = _ => "load" };

    private readonly Option<long?> _records = Options.PositiveIfAny<long>(
        "--records",
        "How many records to move while the clock runs. When not given: 10,000,000; with --rate as many as 10 seconds take; "
        + "with --duration-seconds as many as come.",
        "N");

    private readonly Option<double?> _duration = Options.PositiveIfAny<double>(
        "--duration-seconds", "End after so long, if not earlier.", "SECONDS");

    private readonly Option<long> _warmupRecords = Options.NotNegative(
        "--warmup-records", "How many records to move before the clock starts.", 0L);

    private readonly Option<int?> _brokerPid = Options.PositiveIfAny<int>(
        "--broker-pid",
        "The broker's process on this machine: its CPU time, memory, context switches, bytes written and calls are read from /proc.",
        "PID");

    private readonly Option<int> _timeline = Options.Positive(
        "--timeline-ms", "How long one sample of the result's timeline is.", 250);

    private readonly Option<string> _scenario = new("--scenario")
    {
        Description = "A name for the result.",
        DefaultValueFactory = _ => "",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print the result as JSON." };

    private readonly Option<bool> _progress = new("--progress")
    {
        Description = "Say on standard error how far it is, also when that is no terminal.",
    };

    public void AddTo(Command command)
    {
        Option[] all =
            [_bootstrapServer, _topic, _records, _duration, _warmupRecords, _brokerPid, _timeline, _scenario, _json, _progress];
        Array.ForEach(all, command.Options.Add);
    }

    public string ScenarioOf(ParseResult parsed) => parsed.GetValue(_scenario)!;

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <summary>Where the load runs.</summary>
    public LoadTarget TargetOf(ParseResult parsed) => new()
    {
        BootstrapServers = parsed.GetValue(_bootstrapServer)!,
        Topic = parsed.GetValue(_topic)!,
        BrokerPid = parsed.GetValue(_brokerPid),
        TimelineIntervalMs = parsed.GetValue(_timeline),
        ShowsProgress = parsed.GetValue(_progress) || !Console.IsErrorRedirected,
    };

    /// <summary>How much it moves.</summary>
    public LoadExtent ExtentOf(ParseResult parsed, double? rateRecordsPerSecond)
    {
        double? seconds = parsed.GetValue(_duration);
        long recordsCount = parsed.GetValue(_records)
            ?? (seconds is not null ? long.MaxValue
                : rateRecordsPerSecond is { } rate ? (long)Math.Max(1, rate * PacedSecondsDefault)
                : RecordsDefault);
        return new LoadExtent
        {
            RecordsCount = recordsCount,
            Duration = seconds is { } given ? TimeSpan.FromSeconds(given) : null,
            WarmupRecordsCount = parsed.GetValue(_warmupRecords),
        };
    }

    /// <summary>The same for a load that another condition ends: without --records there is no bound.</summary>
    public LoadExtent ExtentOrAllOf(ParseResult parsed) =>
        ExtentOf(parsed, null) with { RecordsCount = parsed.GetValue(_records) ?? long.MaxValue };
}
