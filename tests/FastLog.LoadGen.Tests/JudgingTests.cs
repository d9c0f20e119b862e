using FastLog.LoadGen.Suite.Judging;
using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Reports;
using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Tests;

public sealed class JudgingTests
{
    [Fact]
    public void Ratios_are_of_medians_by_the_same_driver()
    {
        ScenarioResult result = SuiteSamples.Result(
            "produce-100b-fsync",
            SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 1, 2, 100),
            SuiteSamples.Case("peer", Driver.Own, 3, 3, 3),
            SuiteSamples.Case(SuiteSamples.Own, Driver.Rdkafka, 4),
            SuiteSamples.Case("peer", Driver.Rdkafka, 2));
        Assert.Equal(
            [(Driver.Own, 1.5), (Driver.Rdkafka, 0.5)],
            Ratio.OfAll(result, FigureKind.RecordsPerSecond).Select(ratio => (ratio.Driver, ratio.Value)));
        Assert.All(Ratio.OfAll(result, FigureKind.BrokerCpuSecondsPerGigabyte), ratio => Assert.Equal(1, ratio.Value));
    }

    [Fact]
    public void The_ratio_goal_needs_a_peer()
    {
        Goal goal = new(FigureKind.RatioToPeer, 1.2);
        CaseResult own = SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 1);
        Assert.Equal(Outcome.NotMeasured, Judge.Of(SuiteSamples.Result("produce-100b-fsync", own), goal).Outcome);
        Assert.Equal(Outcome.Reached, Against(1.3));
        Assert.Equal(Outcome.NotReached, Against(1.1));

        Outcome Against(double seconds) =>
            Judge.Of(SuiteSamples.Result("produce-100b-fsync", own, SuiteSamples.Case("peer", Driver.Own, seconds)), goal).Outcome;
    }

    [Fact]
    public void Rdkafka_decides_where_it_ran_but_for_goals_of_the_own_generator()
    {
        ScenarioResult result = SuiteSamples.Result(
            "produce-100b-64p-fsync",
            SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 0.5),
            SuiteSamples.Case(SuiteSamples.Own, Driver.Rdkafka, 1));
        Verdict all = Judge.Of(result, new Goal(FigureKind.RecordsPerSecond, 1_300_000));
        Assert.Equal((Driver.Rdkafka, 1_000_000.0, Outcome.NotReached), (all.Driver!.Value, all.Figure!.Value, all.Outcome));
        Verdict own = Judge.Of(result, new Goal(FigureKind.RecordsPerSecond, 1_300_000, IsForOwnGenerator: true));
        Assert.Equal((Driver.Own, Outcome.Reached), (own.Driver!.Value, own.Outcome));
    }

    [Fact]
    public void The_narrower_limit_is_what_a_speed_is_a_share_of()
    {
        LimitFigures limits = SuiteSamples.Limits();
        Assert.Equal(("disk", 1000.0, 0.25), (limits.Narrower, limits.MegabytesPerSecond, limits.FractionOf(250)));
        LimitFigures read = limits with { DiskMegabytesPerSecond = null };
        Assert.Equal(("loopback", 0.1), (read.Narrower, read.FractionOf(250)));
        Assert.Equal(0.5, limits.LatencyFraction(0.5), 9);
    }

    [Fact]
    public void The_table_shows_the_share_of_speed_or_of_latency()
    {
        CaseResult measured = SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 0.4);
        Assert.Equal("25 %", TableRows.FractionOfLimit(SuiteSamples.Result("produce-1kb", measured), measured));
        Assert.Equal("100 %", TableRows.FractionOfLimit(SuiteSamples.Result("open-loop-20k-fsync", measured), measured));
    }

    [Fact]
    public void A_bare_socket_and_a_bare_file_give_figures()
    {
        string folder = Directory.CreateTempSubdirectory("fastlog-limits-").FullName;
        try
        {
            LimitProbes probes = new(folder, TimeSpan.FromMilliseconds(20));
            LimitShape shape = new(4096, 100, 4000, 4, IsWritten: true, IsSynced: true);
            LimitFigures found = probes.Measure(shape);
            Assert.True(found is { DiskMegabytesPerSecond: > 0, DiskSyncEachMs: > 0, LoopbackMegabytesPerSecond: > 0, LoopbackRoundTripMs: > 0 });
            Assert.Null(probes.Measure(new LimitShape(100, 70_000, 70_000, 5, IsWritten: false, IsSynced: false)).DiskMegabytesPerSecond);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
