using FastLog.Load.Measuring;
using FastLog.Load.Results;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Tests;

/// <summary>Runs that never were.</summary>
internal static class SuiteSamples
{
    public static Scenario Named(string name) => ScenarioTable.All.Single(scenario => scenario.Name == name);

    /// <summary>One million records of 100 bytes in so many seconds, with the broker's CPU at 0.25 s.</summary>
    public static RunFigures Run(double seconds, int run = 1) => new()
    {
        Run = run,
        Command = "FastLog.LoadGen load",
        Seconds = seconds,
        RecordsCount = 1_000_000,
        BytesCount = 100_000_000,
        Broker = Use(0.2, 0.05),
        GeneratorCpuSeconds = 1,
        OthersCpuSeconds = 0.1,
        WatchedSeconds = seconds,
        TopicFlushMessages = "1",
        Latency = new LatencySummary { MeanMs = 1, P50Ms = 0.25, P90Ms = 1, P99Ms = 4, P999Ms = 10, P9999Ms = 20, MaxMs = 30 },
        Timeline = [Sample(0.1, 20_000), Sample(0.2, 30_000), Sample(0.3, 25_000)],
    };

    public static CaseResult Case(string target, Driver driver, params double[] seconds) => new()
    {
        Driver = driver,
        Target = target,
        Runs = [.. seconds.Select((one, index) => Run(one, index + 1))],
    };

    public static LimitFigures Limits() => new()
    {
        Shape = new LimitShape(128 * 1024, 100, 120_000, 5, IsWritten: true, IsSynced: true),
        DiskMegabytesPerSecond = 1000,
        DiskSyncEachMegabytesPerSecond = 400,
        DiskSyncEachMs = 0.2,
        LoopbackMegabytesPerSecond = 2500,
        LoopbackRoundTripMs = 0.05,
    };

    public static ScenarioResult Result(string scenario, params CaseResult[] cases) =>
        new() { Scenario = Named(scenario), Cases = cases, Limits = Limits() };

    public static SuiteReport Report(params ScenarioResult[] results) => new()
    {
        Date = DateTimeOffset.UnixEpoch,
        Commit = "0123456789 with uncommitted changes",
        Command = "./runbench.sh --quick",
        BrokerCommand = "fastlog server --override log.dirs=DIR/log",
        FileSystem = "ext4",
        LoadAverageBefore = "0.10 0.20 0.30",
        Machine = new Machine { CpuModel = "some CPU", CpusCount = 2, MemoryBytes = 8_000_000_000, Kernel = "6.1", Runtime = ".NET" },
        Extent = SuiteExtent.Quick,
        Results = results,
        Ceilings = [new CeilingFigures("100 B in full batches", 9_000_000, 900, 1.1)],
    };

    public static string Own => Target.OwnName;

    private static TimelineSample Sample(double atSeconds, long records) => new()
    {
        AtSeconds = atSeconds,
        Seconds = 0.1,
        ProducedRecordsCount = records,
        ProducedBytesCount = records * 100,
        ConsumedRecordsCount = 0,
        ConsumedBytesCount = 0,
        BrokerCpuUserSeconds = 0.05,
        BrokerCpuSystemSeconds = 0.01,
        GeneratorCpuSeconds = 0.08,
    };

    private static ProcessUse Use(double user, double system) => new()
    {
        CpuUserSeconds = user,
        CpuSystemSeconds = system,
        PeakResidentBytes = 50_000_000,
        VoluntarySwitches = 3,
        InvoluntarySwitches = 4,
        WrittenBytes = 1_100_000_000,
        ReadBytes = 0,
    };
}
