using FastLog.KafkaData;
using FastLog.Records;
using FastLog.Storage.Inspection;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>What Kafka wrote is opened, and says the same as in Kafka.</summary>
public sealed class KafkaLogTests
{
    [Theory]
    [InlineData("clean")]
    [InlineData("unclean")]
    public async Task Every_record_is_the_one_that_Kafka_served(string kind)
    {
        using KafkaDataDirectory data = new(kind);
        await using KafkaLogDirectory directory = new(data);
        Assert.Equal(kind == "clean", directory.Directory.WasCleanShutdown);
        SortedDictionary<string, List<string>> expected = KafkaRecords.Expected($"expected-{kind}.jsonl");
        for (int run = 0; run < 2; run++)
        {
            int compared = 0;
            foreach (PartitionLog log in directory.OpenAll())
            {
                if (log.Partition.Topic.StartsWith("__", StringComparison.Ordinal))
                    continue;
                List<string> lines = KafkaLogDirectory.ReadLines(log);
                Assert.Equal(expected.GetValueOrDefault(log.Partition.ToString(), []), lines);
                compared += lines.Count;
            }
            Assert.Equal(expected.Values.Sum(lines => lines.Count), compared);
            await directory.RestartAsync();
        }
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("unclean")]
    public async Task Offsets_and_timestamps_are_those_that_Kafka_told(string kind)
    {
        using KafkaDataDirectory data = new(kind);
        await using KafkaLogDirectory directory = new(data);
        directory.OpenAll();
        foreach (KafkaTopic topic in directory.Topics)
        {
            foreach (KafkaPartition expected in topic.Partitions)
            {
                PartitionLog log = directory.Directory.Find(new TopicPartition(topic.Name, expected.Partition))!;
                Assert.Equal(topic.Id, UuidText.Format(log.TopicId));
                Assert.Equal((log.Partition, expected.Earliest), (log.Partition, log.LogStartOffset));
                // Kafka had been at work for a minute when it was asked: it had aborted the transaction left open.
                if (topic.Name == "crash-txn")
                    Assert.InRange(log.LogEndOffset, expected.Latest - 1, expected.Latest);
                else
                    Assert.Equal((log.Partition, expected.Latest), (log.Partition, log.LogEndOffset));
                CheckTimestamps(log, expected);
            }
        }
    }

    [Fact]
    public async Task Producers_are_those_that_Kafka_knew()
    {
        using KafkaDataDirectory data = new("clean");
        await using KafkaLogDirectory directory = new(data);
        directory.OpenAll();
        // Kafka was not asked for the producers of its own topics.
        foreach (KafkaTopic topic in directory.Topics.Where(topic => !topic.Name.StartsWith("__", StringComparison.Ordinal)))
        {
            foreach (KafkaPartition expected in topic.Partitions)
            {
                PartitionLog log = directory.Directory.Find(new TopicPartition(topic.Name, expected.Partition))!;
                List<KafkaProducer> producers = [.. log.ActiveProducers()
                    .Select(producer => new KafkaProducer(
                        producer.ProducerId,
                        producer.ProducerEpoch,
                        producer.LastSequence,
                        producer.LastTimestampMs,
                        producer.CurrentTransactionStartOffset,
                        producer.CoordinatorEpoch))
                    .OrderBy(producer => producer.ProducerId)];
                // Who was idle for a day is dropped by Kafka at a restart, before it writes the next snapshot.
                List<KafkaProducer> known = [.. expected.Producers.OrderBy(producer => producer.ProducerId)];
                Assert.All(producers, producer => Assert.Contains(producer, known));
                Assert.All(
                    known.Where(producer => producer.CurrentTransactionStartOffset >= 0),
                    producer => Assert.Contains(producer, producers));
                if (HasSnapshotAt(data, log, log.LogEndOffset))
                    Assert.Equal(known, producers);
            }
        }
    }

    [Fact]
    public async Task All_that_was_acknowledged_before_the_kill_is_there()
    {
        using KafkaDataDirectory data = new("unclean");
        await using KafkaLogDirectory directory = new(data);
        HashSet<(string, string)> found = [.. directory.OpenAll()
            .SelectMany(log => KafkaLogDirectory.ReadLines(log).Select(line => (log.Partition.ToString(), line.Split(' ')[0])))];
        string[] acknowledged = KafkaDataDirectory.ReadText("unclean-acked.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(acknowledged);
        foreach (string line in acknowledged)
        {
            using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(line);
            string partition = $"{json.RootElement.GetProperty("topic").GetString()}-{json.RootElement.GetProperty("partition")}";
            Assert.Contains((partition, json.RootElement.GetProperty("offset").ToString()), found);
        }
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("unclean")]
    public async Task What_is_left_after_serving_is_sound(string kind)
    {
        using KafkaDataDirectory data = new(kind);
        KafkaLogDirectory directory = new(data);
        directory.OpenAll();
        await directory.DisposeAsync();
        List<Finding> findings = [];
        VerificationSummary summary = LogVerifier.Verify(new PosixFileSystem(), data.Path, findings.Add);
        Assert.Empty(findings);
        Assert.True(summary.IsSound);
    }

    private static void CheckTimestamps(PartitionLog log, KafkaPartition expected)
    {
        TimestampedOffset asked = log.OffsetForTimestamp(KafkaTopic.AskedTimestampMs);
        TimestampedOffset largest = log.MaxTimestampOffset();
        (long askedOffset, long largestOffset) = KafkaTopic.OffsetsByTimeOf(log.Partition.ToString(), expected);
        Assert.Equal((log.Partition, askedOffset, largestOffset), (log.Partition, asked.Offset, largest.Offset));
        if (askedOffset == expected.Asked.Offset)
            Assert.Equal(expected.Asked.TimestampMs, asked.TimestampMs);
        if (largestOffset == expected.MaxTimestampOffset)
            Assert.Equal(expected.MaxTimestampMs, largest.TimestampMs);
    }

    private static bool HasSnapshotAt(KafkaDataDirectory data, PartitionLog log, long offset) =>
        File.Exists(data.PathOf(log.Partition.ToString(), SegmentNames.Of(offset, SegmentNames.Snapshot)));
}
