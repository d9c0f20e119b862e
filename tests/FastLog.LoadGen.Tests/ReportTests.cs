using FastLog.Load.Measuring;
using FastLog.Load.Results;
using FastLog.LoadGen.Reports;

namespace FastLog.LoadGen.Tests;

public sealed class ReportTests
{
    [Fact]
    public void Figures_are_those_of_the_values_and_the_wall_clock()
    {
        LoadResult result = Result("1");
        Assert.Equal((1_000_000.0, 100.0), (result.RecordsPerSecond, result.MegabytesPerSecond));
        Assert.Equal(2.5, result.BrokerCpuSecondsPerGigabyte);
        Assert.Equal(5.0, result.GeneratorCpuSecondsPerGigabyte);
        Assert.Null((result with { Measured = result.Measured with { Broker = null } }).BrokerCpuSecondsPerGigabyte);
    }

    [Fact]
    public void A_result_survives_its_json()
    {
        LoadResult result = Result("1");
        Assert.Equal(result, ResultJson.ReadResult(ResultJson.Write(result, isIndented: true)));
    }

    [Theory]
    [InlineData("1", "yes (the broker reports flush.messages=1")]
    [InlineData("9223372036854775807", "no (the broker reports flush.messages=9223372036854775807")]
    [InlineData(null, "no (the broker reports flush.messages=not told")]
    public void The_report_says_what_the_broker_says_of_fsync(string? flushMessages, string expected) =>
        Assert.Contains(expected, MarkdownReport.Render(Run(Result(flushMessages))), StringComparison.Ordinal);

    [Fact]
    public void The_report_has_every_scenario_and_every_command()
    {
        string report = MarkdownReport.Render(Run(Result("1"), Result("1") with { Scenario = "other", Command = "again" }));
        Assert.Contains("| first | 10,000,000 | 1,000,000 | 100.0 | 2.50 | 2.00 + 0.50 | 5.00 |", report, StringComparison.Ordinal);
        Assert.Contains("| other |", report, StringComparison.Ordinal);
        Assert.Contains("start broker\nload it\nagain\n", report, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_history_is_one_line()
    {
        string line = ResultJson.Write(HistoryLine.Of(Run(Result("1"))), isIndented: false);
        Assert.DoesNotContain('\n', line);
        Assert.Contains("\"brokerCpuSecondsPerGigabyte\":2.5", line, StringComparison.Ordinal);
    }

    private static LoadResult Result(string? flushMessages) => new()
    {
        Scenario = "first",
        Command = "load it",
        Kind = LoadKind.Produce,
        StartedAt = DateTimeOffset.UnixEpoch,
        PartitionsCount = 1,
        RecordSizeBytes = 100,
        RecordsCount = 10_000_000,
        BytesCount = 1_000_000_000,
        WarmupRecordsCount = 5,
        TopicFlushMessages = flushMessages,
        Measured = new Measured
        {
            Seconds = 10,
            Broker = Use(2, 0.5),
            Generator = Use(4, 1),
            GeneratorAllocatedBytes = 0,
            OthersCpuSeconds = 0.25,
        },
        AcknowledgementLatency = new LatencySummary { MeanMs = 1, P50Ms = 2, P90Ms = 3, P99Ms = 4, P999Ms = 5, MaxMs = 6 },
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

    private static RunReport Run(params LoadResult[] results) => new()
    {
        Date = DateTimeOffset.UnixEpoch,
        Commit = "0123456789",
        Command = "./runbench.sh",
        BrokerCommand = "start broker",
        FileSystem = "ext4",
        LoadAverageBefore = "0.10 0.20 0.30",
        Machine = new Machine { CpuModel = "some CPU", CpusCount = 2, MemoryBytes = 8_000_000_000, Kernel = "6.1", Runtime = ".NET" },
        Results = results,
    };
}
