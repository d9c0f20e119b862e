using FastLog.Client;
using FastLog.Records;
using FastLog.Server.Commands.Output;

namespace FastLog.Server.Commands;

/// <summary>Prints topics: tables for people, JSON for programs.</summary>
internal static class TopicOutput
{
    public static void Created(CreatedTopic topic, bool isJson, TextWriter? writer = null) => CommandOutput.Write(
        new CreatedDocument(topic.Name, UuidText.Format(topic.Id), topic.PartitionsCount, topic.ReplicationFactor),
        isJson,
        static (created, to) =>
        {
            var partitions = created.Partitions >= 0 ? $" with {created.Partitions} partitions" : "";
            to.WriteLine($"created topic {created.Name}{partitions}");
        },
        writer);

    public static void List(IReadOnlyList<TopicMetadata> topics, bool isJson, TextWriter? writer = null) => CommandOutput.Write(
        topics.Select(topic => new ListedDocument(
            topic.Name, UuidText.Format(topic.Id), topic.Partitions.Count, ReplicationFactor(topic), topic.IsInternal)).ToList(),
        isJson,
        static (listed, to) =>
        {
            var table = new TextTable().Text("TOPIC").Number("PARTITIONS").Number("REPLICAS").Text("ID");
            foreach (var topic in listed)
            {
                table.Row(topic.Name, topic.Partitions, topic.ReplicationFactor, topic.TopicId);
            }

            table.WriteTo(to);
        },
        writer);

    public static void Describe(IReadOnlyList<TopicDescription> topics, bool isJson, TextWriter? writer = null) =>
        CommandOutput.Write(
            topics.Select(ToDocument).ToList(),
            isJson,
            static (described, to) =>
            {
                foreach (var topic in described)
                {
                    WriteForPeople(topic, to);
                }
            },
            writer);

    private static void WriteForPeople(DescribedDocument topic, TextWriter writer)
    {
        writer.WriteLine($"Topic {topic.Name}   id {topic.TopicId}   partitions {topic.Partitions.Count}"
            + $"   replication factor {topic.ReplicationFactor}");
        foreach (var (name, value) in topic.Configs)
        {
            writer.WriteLine($"  {name}={ShownText.Of(value ?? "")}");
        }

        var table = new TextTable()
            .Number("PARTITION").Number("LEADER").Number("EPOCH").Text("REPLICAS").Text("ISR").Number("START").Number("END");
        foreach (var partition in topic.Partitions)
        {
            table.Row(
                partition.Partition,
                partition.Leader < 0 ? "none" : partition.Leader,
                partition.LeaderEpoch,
                string.Join(',', partition.Replicas),
                string.Join(',', partition.Isr),
                partition.StartOffset,
                partition.EndOffset);
        }

        table.WriteTo(writer, indent: "  ");
    }

    private static DescribedDocument ToDocument(TopicDescription description)
    {
        var (topic, offsets, configs) = description;
        return new DescribedDocument(
            topic.Name,
            UuidText.Format(topic.Id),
            ReplicationFactor(topic),
            configs.ToDictionary(config => config.Name, config => config.Value),
            [
                .. topic.Partitions.Select(partition => new PartitionDocument(
                    partition.Index,
                    partition.LeaderId,
                    partition.LeaderEpoch,
                    partition.Replicas,
                    partition.Isr,
                    offsets[partition.Index]?.Start,
                    offsets[partition.Index]?.End)),
            ]);
    }

    private static int ReplicationFactor(TopicMetadata topic) => topic.Partitions.Max(partition => partition.Replicas.Count);

    private sealed record CreatedDocument(string Name, string TopicId, int Partitions, int ReplicationFactor);

    private sealed record ListedDocument(string Name, string TopicId, int Partitions, int ReplicationFactor, bool Internal);

    private sealed record DescribedDocument(
        string Name,
        string TopicId,
        int ReplicationFactor,
        IReadOnlyDictionary<string, string?> Configs,
        IReadOnlyList<PartitionDocument> Partitions);

    // Offsets are null where no leader answers.
    private sealed record PartitionDocument(
        int Partition,
        int Leader,
        int LeaderEpoch,
        IReadOnlyList<int> Replicas,
        IReadOnlyList<int> Isr,
        long? StartOffset,
        long? EndOffset);
}
