using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Tests;

public sealed class RunTests
{
    [Theory]
    [InlineData("Kafka=localhost:9092", "Kafka", "localhost:9092", null)]
    [InlineData("Redpanda=10.0.0.1:19092,pid=4711", "Redpanda", "10.0.0.1:19092", 4711)]
    [InlineData("k-2.0_x=some.host:1", "k-2.0_x", "some.host:1", null)]
    public void A_peer_is_a_name_an_address_and_perhaps_a_process(string text, string name, string address, int? pid) =>
        Assert.Equal(new Target(name, address, pid, IsPeer: true), PeerOption.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("Kafka")]
    [InlineData("localhost:9092")]
    [InlineData("Kafka=localhost")]
    [InlineData("Kafka=localhost:0")]
    [InlineData("Kafka=localhost:70000")]
    [InlineData("Kafka=localhost:9092,pid=")]
    [InlineData("Kafka=localhost:9092,pid=0")]
    [InlineData("Kafka=localhost:9092,pid=99999999999")]
    [InlineData("Kafka=localhost:9092,cpu=1")]
    [InlineData("a/b=localhost:9092")]
    [InlineData("fastlog=localhost:9092")]
    public void What_is_no_peer_is_refused(string text) => Assert.Throws<FormatException>(() => PeerOption.Parse(text));

    [Fact]
    public void Two_peers_have_two_names() =>
        Assert.Throws<FormatException>(() => PeerOption.ParseAll(["Kafka=a:1", "kafka=b:2"]));

    [Fact]
    public void Broker_and_peers_run_in_turns()
    {
        Target own = new(Target.OwnName, "a:1", 1, IsPeer: false);
        Target peer = new("peer", "b:2", null, IsPeer: true);
        Assert.Equal(
            [own, peer, own, peer, own, peer],
            Interleaving.Plan(3, [Driver.Own], [own, peer]).Select(run => run.Target));
        Assert.Equal(
            [(1, Driver.Own, own), (1, Driver.Own, peer), (1, Driver.Rdkafka, own), (1, Driver.Rdkafka, peer), (2, Driver.Own, own)],
            Interleaving.Plan(2, [Driver.Own, Driver.Rdkafka], [own, peer]).Select(run => (run.Number, run.Driver, run.Target)).Take(5));
    }

    [Theory]
    [InlineData(new double[] { 3 }, 3.0)]
    [InlineData(new double[] { 9, 1, 5 }, 5.0)]
    [InlineData(new double[] { 4, 1, 2, 9 }, 3.0)]
    [InlineData(new double[0], null)]
    public void The_median_is_the_middle(double[] values, double? expected) => Assert.Equal(expected, Medians.Of(values));

    [Fact]
    public void A_case_tells_the_median_of_each_figure_on_its_own()
    {
        CaseResult measured = SuiteSamples.Case(SuiteSamples.Own, Driver.Own, 1, 4, 2);
        Assert.Equal(500_000, measured.Median(FigureKind.RecordsPerSecond));
        Assert.Equal(50, measured.Median(FigureKind.MegabytesPerSecond));
        Assert.Equal(2.5, measured.Median(FigureKind.BrokerCpuSecondsPerGigabyte));
        Assert.Equal(0.25, measured.Median(FigureKind.BrokerCpuMicrosecondsPerRecord));
        Assert.Null(measured.Median(FigureKind.StartSeconds));
        Assert.Equal(2, measured.Middle.Seconds);
        Assert.Equal(0.3 / 7, measured.OthersShare!.Value, 6);
    }

    [Fact]
    public void The_last_line_of_the_rdkafka_producer_counts()
    {
        const string Output =
            "% Sending 1000000 messages of size 100 bytes\n"
            + "% 500 messages produced (50000 bytes), 400 delivered (offset 399, 0 failed) in 900ms: 1 msgs/s and 1 MB/s, 0 produce failures\n"
            + "%4|1795289303.623|CONFWARN|rdkafka#producer-1| [thrd:app]: something\n"
            + "% 1000000 messages produced (100000000 bytes), 1000000 delivered (offset 999999, 0 failed) in 1940ms: 515374 msgs/s "
            + "and 51.54 MB/s, 17 produce failures, 0 in queue, no compression\n";
        Assert.Equal(new RdkafkaSummary(1_000_000, 100_000_000, 0, 1.94), RdkafkaSummary.Parse(Output));
    }

    [Fact]
    public void Records_that_were_not_delivered_show()
    {
        RdkafkaSummary summary = RdkafkaSummary.Parse(
            "% 10 messages produced (1000 bytes), 7 delivered (offset -1, 3 failed) in 5ms: 1 msgs/s");
        Assert.Equal((7L, 3L), (summary.RecordsCount, summary.FailedCount));
    }

    [Fact]
    public void The_line_of_the_rdkafka_consumer_is_another() =>
        Assert.Equal(
            new RdkafkaSummary(1_000_000, 100_000_000, 0, 0.621),
            RdkafkaSummary.Parse("% 1000000 messages (100000000 bytes) consumed in 621ms: 1609790 msgs/s (160.98 MB/s)\n% Average application fetch latency: 1us\n"));

    [Theory]
    [InlineData("")]
    [InlineData("% Sending 3000 messages of size 100 bytes\n% ERROR: Local: all brokers down")]
    public void Without_its_line_there_is_no_figure(string output) =>
        Assert.Throws<FormatException>(() => RdkafkaSummary.Parse(output));

    [Fact]
    public void What_children_used_is_read_behind_any_name() =>
        Assert.Equal(
            0.12,
            ChildrenCpu.Parse("7 (a) b) S 1 1 1 0 -1 4194304 100 200 0 0 50 60 5 7 20 0 1 0 12345 1000 100 18446744073709551615"),
            6);
}
