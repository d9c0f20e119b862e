using System.Text.Json;
using FastLog.Interop.Wire;

namespace FastLog.Interop.KafkaJs;

/// <summary>What kafkajs sends comes back to kafkajs as it was.</summary>
public sealed class KafkaJsMessageTests(KafkaJsBroker fixture) : IClassFixture<KafkaJsBroker>
{
    [Fact]
    public async Task Keys_values_headers_and_timestamps_come_back_in_every_codec_it_has()
    {
        JsonElement seen = await RunAsync("messages");

        foreach ((string codec, int number) in new[] { ("None", 0), ("GZIP", 1) })
        {
            JsonElement run = seen.GetProperty(codec);
            Assert.Equal(0, run.GetProperty("baseOffset").GetInt32());
            Assert.Equal(0, run.GetProperty("other").GetInt32());
            AssertMessages(run.GetProperty("messages"));
            Assert.Equal(number, await StoredCodecAsync($"messages-{codec}"));
        }
    }

    [Fact]
    public async Task Every_key_stays_in_its_partition_and_in_order()
    {
        JsonElement seen = await RunAsync("keys");

        JsonElement[][] partitions = [.. seen.GetProperty("found").EnumerateArray().Select(found => found.EnumerateArray().ToArray())];
        Assert.Equal(seen.GetProperty("count").GetInt32(), partitions.Sum(partition => partition.Length));
        var partitionOf = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int partition = 0; partition < partitions.Length; partition++)
        {
            Assert.Equal(Enumerable.Range(0, partitions[partition].Length), partitions[partition].Select(Offset));
            int[] values = [.. partitions[partition].Select(message => int.Parse(Text(message, "value")!))];
            Assert.Equal(values.Order(), values);
            foreach (JsonElement message in partitions[partition])
            {
                partitionOf.TryAdd(Text(message, "key")!, partition);
                Assert.Equal(partitionOf[Text(message, "key")!], partition);
            }
        }
    }

    [Fact]
    public async Task An_idempotent_producer_is_stored_once_however_often_it_repeats()
    {
        JsonElement seen = await RunAsync("idempotence");

        JsonElement[] produced = [.. seen.GetProperty("produced").EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, 200), produced.Select(message => int.Parse(Text(message, "value")!)));
        Assert.Equal(Enumerable.Range(0, 200), produced.Select(message => message.GetProperty("sequence").GetInt32()));
        Assert.True(Assert.Single(produced.Select(message => message.GetProperty("producerId").GetInt64()).Distinct()) >= 0);

        JsonElement repeated = seen.GetProperty("repeated");
        Assert.Equal(0, repeated.GetProperty("first").GetInt32());
        Assert.Equal(1, repeated.GetProperty("second").GetInt32());
        Assert.Equal(0, repeated.GetProperty("firstAgain").GetInt32());
        Assert.Equal(1, repeated.GetProperty("secondAgain").GetInt32());
        Assert.Equal("OUT_OF_ORDER_SEQUENCE_NUMBER", Text(repeated.GetProperty("gap"), "type"));
        Assert.Equal(2, repeated.GetProperty("third").GetInt32());
        Assert.Equal(["a", "b", "c"], seen.GetProperty("stored").EnumerateArray().Select(message => Text(message, "value")));
    }

    [Fact]
    public async Task Offsets_are_found_by_time_and_the_oldest_records_can_be_removed()
    {
        JsonElement seen = await RunAsync("offsets");

        AssertRange(seen.GetProperty("before")[0], low: 0, high: 100);
        AssertRange(seen.GetProperty("before")[1], low: 0, high: 0);
        (string Name, int Offset)[] lookups =
            [("atFirst", 0), ("atExact", 42), ("atBetween", 43), ("atLast", 99), ("atLater", 100), ("atLongAgo", 0)];
        Assert.All(lookups, lookup => Assert.Equal(lookup.Offset, seen.GetProperty(lookup.Name).GetInt32()));
        AssertRange(seen.GetProperty("after")[0], low: 30, high: 100);
        Assert.Equal(30, Offset(seen.GetProperty("firstLeft")));
        Assert.Equal("30", Text(seen.GetProperty("firstLeft"), "value"));
        Assert.Equal("OFFSET_OUT_OF_RANGE", Text(seen.GetProperty("belowStart"), "type"));
        Assert.Equal("OFFSET_OUT_OF_RANGE", Text(seen.GetProperty("behindEnd"), "type"));
    }

    private static void AssertMessages(JsonElement messages)
    {
        const long timestamp = 1_700_000_000_000;
        (string? Key, string? Value, string Headers)[] expected =
        [
            ("first", "one", """[{"name":"trace","values":["abc"]},{"name":"many","values":["x","y"]}]"""),
            (null, "no key", "[]"),
            ("gone", null, "[]"),
            ("", "", """[{"name":"empty","values":[""]}]"""),
            ("ключ", "значение – 値", "[]"),
        ];
        JsonElement[] found = [.. messages.EnumerateArray()];
        Assert.Equal(expected, found.Select(message =>
            (Text(message, "key"), Text(message, "value"), message.GetProperty("headers").GetRawText())));
        Assert.Equal(Enumerable.Range(0, expected.Length), found.Select(Offset));
        Assert.Equal(
            Enumerable.Range(1, expected.Length).Select(index => timestamp + index),
            found.Select(message => message.GetProperty("timestamp").GetInt64()));
    }

    private static void AssertRange(JsonElement partition, int low, int high)
    {
        Assert.Equal(low, partition.GetProperty("low").GetInt32());
        Assert.Equal(high, partition.GetProperty("high").GetInt32());
    }

    // The batch is kept as it was sent: the codec stands in its attributes.
    private async Task<int> StoredCodecAsync(string topic)
    {
        await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
        return Assert.Single(WireBatch.Codecs((await client.FetchAsync(topic, 1, 0)).Records));
    }

    private Task<JsonElement> RunAsync(string scenario) => KafkaJsProgram.RunAsync(scenario, fixture.Broker);

    private static int Offset(JsonElement message) => message.GetProperty("offset").GetInt32();

    private static string? Text(JsonElement of, string property) => of.GetProperty(property).GetString();
}
