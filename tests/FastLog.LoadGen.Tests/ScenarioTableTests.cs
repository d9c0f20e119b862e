using FastLog.LoadGen.Suite;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Tests;

public sealed class ScenarioTableTests
{
    [Fact]
    public void Names_are_different_and_can_be_typed()
    {
        Assert.Equal(ScenarioTable.All.Count, ScenarioTable.All.Select(scenario => scenario.Name).Distinct().Count());
        Assert.All(ScenarioTable.All, scenario => Assert.Matches("^[a-z0-9-]{3,24}$", scenario.Name));
        Assert.All(ScenarioTable.All, scenario => Assert.Matches("^[^\n]{10,90}$", scenario.Title));
    }

    [Fact]
    public void Every_load_of_records_moves_something_and_has_limits_to_be_held_against()
    {
        Assert.All(ScenarioTable.All.Where(scenario => scenario.Load is { IsLoad: true, IsOfGroups: false }), scenario =>
        {
            Assert.True(scenario.Load.RecordsCount > scenario.Load.WarmupRecordsCount && scenario.Load.WarmupRecordsCount > 0);
            LimitShape shape = Assert.IsType<LimitShape>(LimitShape.Of(scenario.Load));
            Assert.InRange(shape.ValueBytes, 100, Math.Max(shape.SentBytes, shape.AnswerBytes));
            Assert.InRange(shape.OnTheWayMax, 1, 64 * 5);
            Assert.Equal(scenario.Load.IsFsync, shape.IsSynced);
        });
    }

    [Fact]
    public void Groups_have_no_limits_of_disk_or_network() =>
        Assert.All(ScenarioTable.All.Where(scenario => scenario.Load.IsOfGroups), scenario => Assert.Null(LimitShape.Of(scenario.Load)));

    [Fact]
    public void Limits_are_measured_with_batches_as_large_as_were_sent()
    {
        LoadShape load = SuiteSamples.Named("produce-100b-64p-fsync").Load;
        Assert.Equal(new LimitShape(1080 + 61, 100, 1000, 5, IsWritten: true, IsSynced: true), LimitShape.Of(load, 1000));
        Assert.Equal(128 * 1024 + 61, LimitShape.Of(load)!.SentBytes);
    }

    [Fact]
    public void What_syncs_runs_before_what_leaves_pages_to_the_kernel()
    {
        bool[] syncs = [.. ScenarioTable.All.Where(scenario => scenario.Load.Type == LoadType.Produce).Select(scenario => scenario.Load.IsFsync)];
        Assert.Equal(syncs.OrderByDescending(isFsync => isFsync), syncs);
    }

    [Fact]
    public void Memory_is_looked_at_after_all_loads() =>
        Assert.All(
            ScenarioTable.All.SkipWhile(scenario => scenario.Load.Type != LoadType.Memory),
            scenario => Assert.False(scenario.Load.IsLoad));

    [Theory]
    [InlineData("produce-100b-fsync", nameof(FigureKind.RecordsPerSecond), 3_000_000, true)]
    [InlineData("produce-100b-64p-fsync", nameof(FigureKind.RecordsPerSecond), 1_300_000, false)]
    [InlineData("produce-1kb", nameof(FigureKind.BrokerCpuSecondsPerGigabyte), 0.6, false)]
    [InlineData("requests-fsync", nameof(FigureKind.BrokerCpuMicrosecondsPerRecord), 15, false)]
    [InlineData("requests-64c-fsync", nameof(FigureKind.RecordsPerSecond), 80_000, true)]
    [InlineData("open-loop-20k-fsync", nameof(FigureKind.MaxMs), 20, false)]
    [InlineData("commits-50k", nameof(FigureKind.RecordsPerSecond), 49_500, false)]
    [InlineData("groups-consumer", nameof(FigureKind.BrokerCpus), 0.25, false)]
    [InlineData("resident-memory", nameof(FigureKind.ResidentMegabytes), 250, false)]
    [InlineData("start", nameof(FigureKind.StartSeconds), 0.4, false)]
    public void Goals_are_those_that_were_set(string scenario, string kind, double bound, bool isForOwnGenerator) =>
        Assert.Contains(new Goal(Enum.Parse<FigureKind>(kind), bound, isForOwnGenerator), SuiteSamples.Named(scenario).Goals);

    [Fact]
    public void A_goal_is_a_floor_for_speed_and_a_ceiling_for_cost()
    {
        Goal speed = new(FigureKind.RecordsPerSecond, 100);
        Goal cost = new(FigureKind.P99Ms, 2);
        Assert.Equal((true, true, false), (speed.IsReachedBy(101), speed.IsReachedBy(100), speed.IsReachedBy(99)));
        Assert.Equal((false, true, true), (cost.IsReachedBy(2.1), cost.IsReachedBy(2), cost.IsReachedBy(0)));
        Assert.Equal("≥ 100 records/s", speed.Text);
        Assert.Equal("≤ 2 p99 ms", cost.Text);
    }

    [Fact]
    public void Scenarios_asked_for_by_name_keep_the_order_of_the_table()
    {
        Assert.Equal(["produce-1kb", "start"], SuiteOptions.Named(["start", "produce-1kb"]).Select(scenario => scenario.Name));
        Assert.Equal(ScenarioTable.All, SuiteOptions.Named([]));
        Assert.Contains("'nope'", Assert.Throws<FormatException>(() => SuiteOptions.Named(["start", "nope"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_own_generator_is_told_everything_about_a_load()
    {
        string line = string.Join(' ', OwnCommandLine.Of(Order("requests-64c-fsync")));
        Assert.Equal(
            "produce --bootstrap-server host:1 --topic t --scenario requests-64c-fsync --warmup-records 7 --timeline-ms 100 --json "
            + "--records 70 --broker-pid 5 --partitions 1 --record-size-bytes 100 --acks all --idempotent false --linger-ms 0 "
            + "--batch-size-bytes 131072 --in-flight-max 5 --batch-records-max 1 --producers 64",
            line);
        Assert.Contains("--backlog-records 70 --rate 100000", string.Join(' ', OwnCommandLine.Of(Order("catch-up"))), StringComparison.Ordinal);
        Assert.Contains("--rate 20000", string.Join(' ', OwnCommandLine.Of(Order("open-loop-20k-fsync"))), StringComparison.Ordinal);
    }

    [Fact]
    public void The_own_generator_is_told_everything_about_groups()
    {
        Assert.Equal(
            "commits --bootstrap-server host:1 --topic t --scenario commits-50k --timeline-ms 100 --json --group-prefix t --groups 1000 "
            + "--connections 64 --partitions 1 --warmup-records 7 --records 70 --rate 50000 --broker-pid 5",
            string.Join(' ', OwnCommandLine.Of(Order("commits-50k"))));
        Assert.Equal(
            "groups --bootstrap-server host:1 --topic t --scenario groups-consumer --timeline-ms 100 --json --group-prefix t --groups 1000 "
            + "--connections 64 --partitions 10 --members 5 --group-protocol consumer --duration-seconds 20 --broker-pid 5",
            string.Join(' ', OwnCommandLine.Of(Order("groups-consumer"))));
    }

    [Theory]
    [InlineData("produce-100b-acks1", "-P -b host:1 -t t -p 0 -c 70 -q -s 100 -a 1")]
    [InlineData("produce-100b-64p-fsync", "-P -b host:1 -t t -c 70 -q -s 100 -a -1")]
    [InlineData("requests", "-P -b host:1 -t t -p 0 -c 70 -q -s 100 -a -1 -X batch.num.messages=1 -X linger.ms=0")]
    [InlineData("consume-100b", "-C -b host:1 -t t -p 0 -c 70 -q -o beginning")]
    public void Rdkafka_is_told_the_same(string scenario, string expected) =>
        Assert.Equal(expected, string.Join(' ', RdkafkaCommandLine.Of(Order(scenario))));

    private static LoadOrder Order(string scenario) => new()
    {
        Scenario = SuiteSamples.Named(scenario),
        Target = new Target("peer", "host:1", 5, IsPeer: true),
        Topic = "t",
        Run = 1,
        RecordsCount = 70,
        WarmupRecordsCount = 7,
    };
}
