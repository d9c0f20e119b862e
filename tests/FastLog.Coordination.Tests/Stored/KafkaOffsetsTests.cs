using System.Text.Json;
using FastLog.KafkaData;
using FastLog.Records;

namespace FastLog.Coordination.Tests.Stored;

/// <summary>Shards read what Kafka's coordinator wrote, and have the offsets that Kafka told.</summary>
public sealed class KafkaOffsetsTests
{
    [Theory]
    [InlineData("clean", "expected-groups.json")]
    [InlineData("unclean", "expected-unclean-groups.json")]
    public void Offsets_and_groups_are_those_that_Kafka_told(string kind, string expected)
    {
        using var data = new KafkaDataDirectory(kind);
        SortedDictionary<string, string> offsets = new(StringComparer.Ordinal);
        var directories = Directory.GetDirectories(data.Path, "__consumer_offsets-*");
        foreach (var directory in directories)
        {
            var shard = Load(directory);
            foreach (var (groupId, found) in shard.Offsets.Groups)
            {
                var group = shard.Groups.Find(groupId);
                Assert.NotNull(group);
                var partition = CoordinatorPartition.For(groupId, directories.Length);
                Assert.EndsWith($"__consumer_offsets-{partition}", directory, StringComparison.Ordinal);
                foreach (var (topic, partitions) in found.Topics)
                {
                    foreach (var (index, offset) in partitions)
                    {
                        offsets.Add(
                            $"{groupId} {topic}-{index}",
                            $"{offset.Offset} epoch {offset.LeaderEpoch} '{offset.Metadata}' {group.Type} {group.StateName} '{group.ProtocolType}'");
                    }
                }
            }
        }

        using var json = JsonDocument.Parse(KafkaDataDirectory.ReadText(expected));
        Assert.Equal(
            json.RootElement.EnumerateArray()
                .Select(group => KeyValuePair.Create(
                    $"{Text(group, "group")} {Text(group, "topic")}-{Text(group, "partition")}",
                    $"{Text(group, "offset")} epoch {Text(group, "leaderEpoch")} '{Text(group, "metadata")}' {Text(group, "type")} "
                    + $"{Text(group, "state")} '{Text(group, "protocolType")}'"))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal),
            offsets);
    }

    private static GroupShard Load(string directory)
    {
        var shard = new GroupShard(new GroupCoordinatorOptions(), Guid.NewGuid);
        using var reader = new CoordinatorBatchReader();
        foreach (var segment in Directory.GetFiles(directory, "*.log").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(segment);
            var length = 0;
            while (RecordBatchHeader.TryRead(bytes.AsSpan(length), out var header)
                && header.BatchLength > 0 && length + header.TotalSizeInBytes <= bytes.Length)
            {
                length += (int)header.TotalSizeInBytes;
            }

            reader.Read(bytes.AsSpan(0, length), shard);
        }

        Assert.Equal(0, reader.UnknownRecordsCount);
        return shard;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).ToString();
}
