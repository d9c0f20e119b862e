using System.Text.Json;
using FastLog.Client;
using FastLog.Interop.Harness;
using FastLog.KafkaData;
using FastLog.Records;

namespace FastLog.Interop.KafkaDirectory;

/// <summary>A server takes over a data directory from Kafka 4.0 and serves what Kafka served.</summary>
public sealed class KafkaDirectoryTests
{
    private const string Unclean = "unclean";

    [Theory]
    [InlineData("clean")]
    [InlineData(Unclean)]
    public async Task Topics_records_and_offsets_are_served_as_Kafka_served_them(string kind)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync(kind);
        IReadOnlyList<KafkaTopic> topics = KafkaTopic.Read(kind);
        // The second run finds what the first one left: its own clean stop.
        for (int run = 0; run < 2; run++)
        {
            await AssertTopicsAsync(broker, topics);
            await AssertOffsetsAsync(broker, topics);
            await AssertRecordsAsync(broker, topics, $"expected-{kind}.jsonl");
            Assert.Equal(0, await broker.Process.TerminateAsync());
            await AssertSoundAsync(broker);
            await broker.Process.RestartAsync();
        }
    }

    [Theory]
    [InlineData("clean")]
    [InlineData(Unclean)]
    public async Task Committed_reads_end_at_open_transactions_and_leave_aborted_ones_out(string kind)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync(kind);
        SortedDictionary<string, List<string>> expected = KafkaRecords.Expected($"expected-{kind}-read-committed.jsonl");
        foreach (string topic in (string[])["txn", "txn-compact", "txn-open"])
        {
            for (int partition = 0; partition < (topic == "txn" ? 2 : 1); partition++)
            {
                Assert.Equal(
                    expected.GetValueOrDefault($"{topic}-{partition}", []),
                    await broker.ReadAsync(topic, partition, IsolationLevel.ReadCommitted));
            }
        }

        await using var admin = new AdminClient(broker.ClientOptions);
        FoundOffset stable = await KafkaBroker.ListAsync(
            admin, new TopicAndPartition("txn-open", 0), StartPosition.Latest, IsolationLevel.ReadCommitted);
        Assert.Equal(16, stable.Offset);
    }

    [Fact]
    public async Task Producing_goes_on_where_Kafka_ended_in_a_higher_epoch()
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync("clean");
        TopicAndPartition partition = new("codec-none", 0);
        await using (var producer = new Producer(new ProducerOptions { BootstrapServers = broker.Process.Address }))
        {
            DeliveryResult result = await producer.ProduceAsync(partition.Topic, new ProducerRecord { Partition = 0, Value = "after"u8.ToArray() });
            Assert.Equal(200, result.Offset);
        }

        Assert.Equal(0, await broker.Process.TerminateAsync());
        await AssertSoundAsync(broker);
        await broker.Process.RestartAsync();
        List<string> lines = await broker.ReadAsync(partition.Topic, 0);
        Assert.Equal(KafkaRecords.Expected("expected-clean.jsonl")["codec-none-0"], lines.Take(200));
        Assert.Contains("CreateTime epoch 2 null 'YWZ0ZXI='", Assert.Single(lines.Skip(200)), StringComparison.Ordinal);
        await using var admin = new AdminClient(broker.ClientOptions);
        TopicMetadata topic = await admin.DescribeTopicAsync(partition.Topic);
        Assert.Equal(3, topic.Partitions[0].LeaderEpoch);
    }

    [Fact]
    public async Task All_that_Kafka_acknowledged_before_its_kill_is_served()
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync(Unclean);
        HashSet<(string, int, long)> found = [];
        foreach ((string topic, int partition) in new[] { ("crash", 0), ("crash", 1), ("crash-txn", 0) })
        {
            foreach (string line in await broker.ReadAsync(topic, partition))
            {
                found.Add((topic, partition, long.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
            }
        }

        string[] acknowledged = KafkaDataDirectory.ReadText("unclean-acked.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(acknowledged, line =>
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement at = json.RootElement;
            Assert.Contains((at.GetProperty("topic").GetString()!, at.GetProperty("partition").GetInt32(), at.GetProperty("offset").GetInt64()), found);
        });
    }

    [Fact]
    public async Task A_directory_in_use_can_be_verified_and_dumped()
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync("clean");
        await AssertSoundAsync(broker);
        ProgramResult dump = await ExternalProgram.SucceedAsync(
            TestRunPaths.Server, ["log", "dump", "--json", "--records", "--only", "log", Path.Combine(broker.DataPath, "codec-zstd-1")]);
        string[] records = [.. dump.Lines.Where(line => line.StartsWith("{\"type\":\"record\"", StringComparison.Ordinal))];
        Assert.Equal(200, records.Length);
        Assert.All(dump.Lines, line => JsonDocument.Parse(line).Dispose());
    }

    private static async Task AssertTopicsAsync(KafkaBroker broker, IReadOnlyList<KafkaTopic> expected)
    {
        await using var admin = new AdminClient(broker.ClientOptions);
        IReadOnlyList<TopicMetadata> topics = await admin.ListTopicsAsync();
        Assert.Equal(
            expected.Select(topic => (topic.Name, topic.Id, topic.Partitions.Count)).Order(),
            topics.Select(topic => (topic.Name, UuidText.Format(topic.Id), topic.Partitions.Count)).Order());
        foreach (KafkaTopic topic in expected)
        {
            IReadOnlyList<ConfigEntry> configs = await admin.DescribeConfigsAsync(ConfigResourceType.Topic, topic.Name);
            Assert.Equal(
                topic.Configs.OrderBy(config => config.Key, StringComparer.Ordinal),
                configs.Where(config => config.Source == ConfigSource.DynamicTopic)
                    .Select(config => KeyValuePair.Create(config.Name, config.Value!))
                    .OrderBy(config => config.Key, StringComparer.Ordinal));
        }
    }

    private static async Task AssertOffsetsAsync(KafkaBroker broker, IReadOnlyList<KafkaTopic> topics)
    {
        await using var admin = new AdminClient(broker.ClientOptions);
        foreach (KafkaTopic topic in topics)
        {
            foreach (KafkaPartition expected in topic.Partitions)
            {
                TopicAndPartition partition = new(topic.Name, expected.Partition);
                (long asked, long largest) = KafkaTopic.OffsetsByTimeOf($"{topic.Name}-{expected.Partition}", expected);
                Assert.Equal((partition, expected.Earliest), (partition, (await KafkaBroker.ListAsync(admin, partition, StartPosition.Earliest)).Offset));
                long latest = (await KafkaBroker.ListAsync(admin, partition, StartPosition.Latest)).Offset;
                // Kafka had ended the transaction that the kill left open when it was asked.
                Assert.InRange(latest, topic.Name == "crash-txn" ? expected.Latest - 1 : expected.Latest, expected.Latest);
                Assert.Equal((partition, asked), (partition, (await KafkaBroker.ListAsync(admin, partition, StartPosition.AtTimestamp(KafkaTopic.AskedTimestampMs))).Offset));
                Assert.Equal((partition, largest), (partition, (await KafkaBroker.ListAsync(admin, partition, StartPosition.MaxTimestamp)).Offset));
            }
        }
    }

    private static async Task AssertRecordsAsync(KafkaBroker broker, IReadOnlyList<KafkaTopic> topics, string name)
    {
        SortedDictionary<string, List<string>> expected = KafkaRecords.Expected(name);
        int compared = 0;
        foreach (KafkaTopic topic in topics.Where(topic => !topic.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            foreach (KafkaPartition partition in topic.Partitions)
            {
                List<string> lines = await broker.ReadAsync(topic.Name, partition.Partition);
                Assert.Equal(expected.GetValueOrDefault($"{topic.Name}-{partition.Partition}", []), lines);
                compared += lines.Count;
            }
        }

        Assert.Equal(expected.Values.Sum(lines => lines.Count), compared);
    }

    private static async Task AssertSoundAsync(KafkaBroker broker)
    {
        ProgramResult verified = await ExternalProgram.SucceedAsync(TestRunPaths.Server, ["log", "verify", broker.DataPath]);
        Assert.StartsWith("sound ", verified.Lines[^1], StringComparison.Ordinal);
    }
}
