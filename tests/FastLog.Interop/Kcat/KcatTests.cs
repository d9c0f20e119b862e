using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Kcat;

/// <summary>What else kcat can ask of a broker.</summary>
public sealed class KcatTests(KcatBroker fixture) : IClassFixture<KcatBroker>
{
    private readonly KcatProgram _kcat = new(fixture.Broker);

    [Fact]
    public async Task Metadata_names_the_broker_and_every_partition_with_its_leader()
    {
        await _kcat.ProduceAsync("listed", "one\n", "-p", "0");

        ProgramResult result = await _kcat.RunAsync(["-L", "-J"]);

        using JsonDocument metadata = JsonDocument.Parse(result.Text);
        JsonElement broker = Assert.Single(metadata.RootElement.GetProperty("brokers").EnumerateArray());
        Assert.Equal(1, broker.GetProperty("id").GetInt32());
        Assert.Equal(fixture.Broker.Address, broker.GetProperty("name").GetString());
        JsonElement topic = Assert.Single(metadata.RootElement.GetProperty("topics").EnumerateArray(),
            candidate => candidate.GetProperty("topic").GetString() == "listed");
        JsonElement[] partitions = [.. topic.GetProperty("partitions").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, KcatBroker.Partitions), partitions.Select(p => p.GetProperty("partition").GetInt32()).Order());
        Assert.All(partitions, partition =>
        {
            Assert.Equal(1, partition.GetProperty("leader").GetInt32());
            Assert.Equal(1, Assert.Single(partition.GetProperty("replicas").EnumerateArray()).GetProperty("id").GetInt32());
            Assert.Equal(1, Assert.Single(partition.GetProperty("isrs").EnumerateArray()).GetProperty("id").GetInt32());
        });
    }

    [Fact]
    public async Task Offsets_are_found_by_timestamp()
    {
        const string topic = "by-time";
        await _kcat.ProduceAsync(topic, "first\n", "-p", "0");
        await WaitForTheNextMillisecond();
        await _kcat.ProduceAsync(topic, "second\n", "-p", "0");
        long[] timestamps = [.. (await _kcat.RunAsync(
                ["-C", "-q", "-e", "-t", topic, "-p", "0", "-o", "beginning", "-f", "%T\\n"]))
            .Lines.Select(line => long.Parse(line, CultureInfo.InvariantCulture))];

        Assert.Equal(2, timestamps.Length);
        Assert.True(timestamps[1] > timestamps[0]);
        Assert.Equal(0, await OffsetAtAsync(topic, timestamps[0] - 1));
        Assert.Equal(0, await OffsetAtAsync(topic, timestamps[0]));
        Assert.Equal(1, await OffsetAtAsync(topic, timestamps[0] + 1));
        Assert.Equal(1, await OffsetAtAsync(topic, timestamps[1]));
        Assert.Equal(-1, await OffsetAtAsync(topic, timestamps[1] + 1));
        Assert.Equal(0, await OffsetAtAsync(topic, -2));
        Assert.Equal(2, await OffsetAtAsync(topic, -1));
    }

    [Fact]
    public async Task A_tombstone_has_a_key_and_no_value()
    {
        const string topic = "tombstones";
        await _kcat.ProduceAsync(topic, "kept\tvalue\ngone\t\n", "-K", "\\t", "-Z", "-p", "0");

        ProgramResult result = await _kcat.RunAsync(
            ["-C", "-q", "-e", "-t", topic, "-p", "0", "-o", "beginning", "-f", "%o %k %K %S\\n"]);

        Assert.Equal(["0 kept 4 5", "1 gone 4 -1"], result.Lines);
    }

    [Fact]
    public async Task A_record_without_a_key_has_none_when_it_comes_back()
    {
        const string topic = "keyless";
        await _kcat.ProduceAsync(topic, "value\n", "-p", "0");

        ProgramResult result = await _kcat.RunAsync(
            ["-C", "-q", "-e", "-t", topic, "-p", "0", "-o", "beginning", "-f", "%K %S %s\\n"]);

        Assert.Equal(["-1 5 value"], result.Lines);
    }

    [Fact]
    public async Task Headers_come_back_in_their_order()
    {
        const string topic = "headers";
        await _kcat.ProduceAsync(topic, "value\n", "-p", "0", "-H", "trace=abc", "-H", "empty=", "-H", "trace=def");

        ProgramResult result = await _kcat.RunAsync(
            ["-C", "-q", "-e", "-t", topic, "-p", "0", "-o", "beginning", "-f", "%h\\n"]);

        Assert.Equal(["trace=abc,empty=,trace=def"], result.Lines);
    }

    [Fact]
    public async Task A_consumer_starts_at_an_offset_and_before_the_end()
    {
        const string topic = "positions";
        await _kcat.ProduceAsync(topic, "a\nb\nc\nd\n", "-p", "2");

        Assert.Equal(["c", "d"], await ValuesFromAsync(topic, "2"));
        Assert.Equal(["d"], await ValuesFromAsync(topic, "-1"));
        Assert.Empty(await ValuesFromAsync(topic, "end"));
    }

    [Fact]
    public async Task An_idempotent_producer_is_served()
    {
        const string topic = "idempotent";
        string lines = string.Concat(Enumerable.Range(0, 5_000).Select(number => $"line {number}\n"));
        await _kcat.ProduceAsync(topic, lines, "-p", "0", "-X", "enable.idempotence=true");

        IReadOnlyList<KcatRecord> received = await _kcat.ConsumeAsync(topic, "-p", "0");

        Assert.Equal(lines, string.Concat(received.Select(record => record.Line.Value + "\n")));
    }

    [Fact]
    public async Task A_topic_nobody_made_is_unknown_to_a_consumer()
    {
        ProgramResult result = await _kcat.TryAsync(
            "-C", "-e", "-t", "nobody-made-this", "-X", "allow.auto.create.topics=false", "-X", "topic.metadata.propagation.max.ms=0");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches(new Regex("unknown topic", RegexOptions.IgnoreCase), result.Errors);
    }

    [Fact]
    public async Task A_partition_nobody_made_is_unknown_to_a_producer()
    {
        await _kcat.ProduceAsync("narrow", "one\n", "-p", "0");

        ProgramResult result = await _kcat.TryAsync("-P", "-t", "narrow", "-p", "99", "-l", "/proc/version");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Matches(new Regex("unknown partition", RegexOptions.IgnoreCase), result.Errors);
    }

    private async Task<long> OffsetAtAsync(string topic, long timestampMs)
    {
        ProgramResult result = await _kcat.RunAsync(["-Q", "-t", $"{topic}:0:{timestampMs}"]);
        Match offset = Regex.Match(result.Text, @"offset (-?\d+)");
        Assert.True(offset.Success, result.Text);
        return long.Parse(offset.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<string[]> ValuesFromAsync(string topic, string offset) =>
        (await _kcat.RunAsync(["-C", "-q", "-e", "-t", topic, "-p", "2", "-o", offset, "-f", "%s\\n"])).Lines;

    private static async Task WaitForTheNextMillisecond()
    {
        long before = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        while (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() <= before + 1)
        {
            await Task.Yield();
        }
    }
}
