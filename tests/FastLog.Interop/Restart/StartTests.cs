using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Restart;

/// <summary>What a start says when it cannot be, and what it takes from a user of Kafka.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused_with_one_line()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();

        ProgramResult second = await BrokerProcess.RunServerAsync(
            BrokerProcess.Arguments(LoopbackPort.Free(), broker.Data.Path));

        AssertOneLine(second, broker.Data.Path);
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync("still-served", 1));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_with_one_line()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        using var data = new DataDirectory();

        ProgramResult second = await BrokerProcess.RunServerAsync(BrokerProcess.Arguments(broker.Port, data.Path));

        // It notices after it has opened its data, which it has logged: in lines that begin with their time.
        Assert.Equal(1, second.ExitCode);
        Assert.Empty(second.Output);
        string line = Assert.Single(second.Errors.TrimEnd('\n').Split('\n'), candidate => !candidate.StartsWith('['));
        Assert.Contains(broker.Address, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num.partitions", "many")]
    [InlineData("num.partitions", "0")]
    [InlineData("node.id", "-5")]
    [InlineData("listeners", "nonsense")]
    [InlineData("log.segment.bytes", "1.5")]
    [InlineData("auto.create.topics.enable", "perhaps")]
    [InlineData("compression.type", "zip")]
    public async Task A_bad_value_is_refused_with_one_line_that_names_the_property(string property, string value)
    {
        using var data = new DataDirectory();

        ProgramResult result = await BrokerProcess.RunServerAsync(
            BrokerProcess.Arguments(LoopbackPort.Free(), data.Path, $"{property}={value}"));

        AssertOneLine(result, property);
    }

    [Fact]
    public async Task A_file_that_is_missing_is_refused_with_one_line() =>
        AssertOneLine(await BrokerProcess.RunServerAsync("/nowhere/server.properties"), "/nowhere/server.properties");

    [Fact]
    public async Task A_property_nobody_knows_is_a_warning_with_the_nearest_name()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("num.partition=3");

        Assert.Single(broker.Output.Lines, line => line.Contains("num.partition", StringComparison.Ordinal)
            && line.Contains("num.partitions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_users_file_for_kafka_starts_this_broker()
    {
        int controllerPort = LoopbackPort.Free();
        await using BrokerProcess broker = await BrokerProcess.StartWithFileAsync((port, directory) => $"""
            # One node that is broker and controller at once, as Kafka's quick start has it.
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=localhost:{controllerPort}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controllerPort}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT

            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            socket.receive.buffer.bytes=102400
            socket.request.max.bytes=104857600

            log.dirs={directory}
            num.partitions=4
            num.recovery.threads.per.data.dir=1

            offsets.topic.replication.factor=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1

            log.retention.hours=168
            log.segment.bytes=1073741824
            log.retention.check.interval.ms=300000

            # A plugin of somebody's.
            metric.reporters=com.example.Reporter
            """);

        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync("from-file", 1));
        Assert.True(File.Exists(Path.Combine(broker.Data.Path, "data", "from-file-0", "partition.metadata")));
        Assert.Equal(0, await broker.TerminateAsync());
    }

    [Fact]
    public async Task An_override_wins_over_the_default()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("num.partitions=7");
        await using WireClient client = await WireClient.OpenAsync(broker.Port);

        // Minus one asks for the broker's own number.
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync("seven", -1));

        Assert.Equal(
            Enumerable.Range(0, 7).Select(partition => $"seven-{partition}"),
            Directory.GetDirectories(broker.Data.Path, "seven-*").Select(path => Path.GetFileName(path)).Order());
    }

    private static void AssertOneLine(ProgramResult result, string expected)
    {
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(result.Output);
        string line = Assert.Single(result.Errors.TrimEnd('\n').Split('\n'));
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }
}
