using System.Text.Json;

namespace FastLog.KafkaData;

/// <summary>A topic as Kafka's admin client saw it.</summary>
internal sealed record KafkaTopic(string Name, string Id, IReadOnlyDictionary<string, string> Configs, IReadOnlyList<KafkaPartition> Partitions)
{
    /// <summary>The instant that offsets were asked for.</summary>
    public const long AskedTimestampMs = 1760000150000;

    // Kafka looks for a time only in the first segment that promises it, and takes the promise of batches whose records
    // compaction removed; and it names a largest timestamp that was deleted. These offsets are those of the records.
    private static readonly Dictionary<string, (long Asked, long Largest)> ByTimeOtherwise = new()
    {
        ["all-deleted-0"] = (-1, -1),
        ["compact-delete-0"] = (527, 599),
        ["compact-purged-0"] = (728, 779),
        ["txn-compact-0"] = (20, 263),
    };

    /// <summary>Offset of the first record at or beyond <see cref="AskedTimestampMs"/>, and of the first with the largest timestamp.</summary>
    public static (long Asked, long Largest) OffsetsByTimeOf(string name, KafkaPartition partition) =>
        ByTimeOtherwise.TryGetValue(name, out (long, long) otherwise) ? otherwise : (partition.Asked.Offset, partition.MaxTimestampOffset);

    public int ConfigOf(string name, int otherwise) =>
        Configs.TryGetValue(name, out string? value) ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : otherwise;

    /// <summary>The topics of "expected-topics.json" or "expected-unclean-topics.json".</summary>
    public static IReadOnlyList<KafkaTopic> Read(string kind)
    {
        string name = kind == "clean" ? "expected-topics.json" : "expected-unclean-topics.json";
        using JsonDocument json = JsonDocument.Parse(KafkaDataDirectory.ReadText(name));
        return [.. json.RootElement.EnumerateArray().Select(topic => new KafkaTopic(
            topic.GetProperty("topic").GetString()!,
            topic.GetProperty("id").GetString()!,
            topic.GetProperty("configs").EnumerateObject().ToDictionary(config => config.Name, config => config.Value.GetString()!),
            [.. topic.GetProperty("partitions").EnumerateArray().Select(KafkaPartition.Read)]))];
    }
}

/// <summary>What ListOffsets and DescribeProducers told of a partition.</summary>
internal sealed record KafkaPartition(
    int Partition,
    long Earliest,
    long Latest,
    long LastStable,
    long MaxTimestampMs,
    long MaxTimestampOffset,
    (long Offset, long TimestampMs) Asked,
    IReadOnlyList<KafkaProducer> Producers)
{
    public static KafkaPartition Read(JsonElement partition)
    {
        JsonElement asked = partition.GetProperty("offsetForTimestamp_1760000150000");
        return new KafkaPartition(
            partition.GetProperty("partition").GetInt32(),
            partition.GetProperty("earliest").GetInt64(),
            partition.GetProperty("latest").GetInt64(),
            partition.GetProperty("lastStable").GetInt64(),
            partition.GetProperty("maxTimestamp").GetInt64(),
            partition.GetProperty("maxTimestampOffset").GetInt64(),
            (asked[0].GetInt64(), asked[1].GetInt64()),
            [.. partition.GetProperty("producers").EnumerateArray().Select(KafkaProducer.Read)]);
    }
}

/// <summary>A producer as a partition knew it.</summary>
internal sealed record KafkaProducer(
    long ProducerId, short ProducerEpoch, int LastSequence, long LastTimestampMs, long CurrentTransactionStartOffset, int CoordinatorEpoch)
{
    public static KafkaProducer Read(JsonElement producer) => new(
        producer.GetProperty("producerId").GetInt64(),
        producer.GetProperty("producerEpoch").GetInt16(),
        producer.GetProperty("lastSequence").GetInt32(),
        producer.GetProperty("lastTimestamp").GetInt64(),
        producer.GetProperty("currentTxnStartOffset").GetInt64(),
        producer.GetProperty("coordinatorEpoch").GetInt32());
}
