using System.Globalization;
using System.Text.Json;
using FastLog.Client;
using FastLog.Records;
using Spectre.Console;

namespace FastLog.Server.Commands;

/// <summary>Prints topics: tables for people, JSON for programs.</summary>
internal static class TopicOutput
{
    private const int RedirectedWidth = 240;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Created(CreatedTopic topic, bool json)
    {
        if (json)
        {
            WriteJson(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", topic.Name);
                writer.WriteString("topicId", UuidText.Format(topic.Id));
                writer.WriteNumber("partitions", topic.PartitionsCount);
                writer.WriteNumber("replicationFactor", topic.ReplicationFactor);
                writer.WriteEndObject();
            });
        }
        else
        {
            var partitions = topic.PartitionsCount >= 0 ? $" with {topic.PartitionsCount} partitions" : "";
            Console.WriteLine($"created topic {topic.Name}{partitions}");
        }
    }

    public static void List(IReadOnlyList<TopicMetadata> topics, bool json)
    {
        if (json)
        {
            WriteJson(writer => WriteArray(writer, topics, topic =>
            {
                writer.WriteStartObject();
                writer.WriteString("name", topic.Name);
                writer.WriteString("topicId", UuidText.Format(topic.Id));
                writer.WriteNumber("partitions", topic.Partitions.Count);
                writer.WriteNumber("replicationFactor", ReplicationFactor(topic));
                writer.WriteBoolean("internal", topic.IsInternal);
                writer.WriteEndObject();
            }));
            return;
        }

        var table = Table("Topic", "Partitions", "Replicas", "Id");
        foreach (var topic in topics)
        {
            Row(table, topic.Name, Text(topic.Partitions.Count), Text(ReplicationFactor(topic)), UuidText.Format(topic.Id));
        }

        Write(table);
    }

    public static void Describe(IReadOnlyList<TopicDescription> topics, bool json)
    {
        if (json)
        {
            WriteJson(writer => WriteArray(writer, topics, topic => WriteJson(writer, topic)));
            return;
        }

        foreach (var (topic, offsets, configs) in topics)
        {
            Console.WriteLine($"Topic {topic.Name}   id {UuidText.Format(topic.Id)}   partitions {topic.Partitions.Count}"
                + $"   replication factor {ReplicationFactor(topic)}");
            foreach (var config in configs)
            {
                Console.WriteLine($"  {config.Name}={config.Value}");
            }

            var table = Table("Partition", "Leader", "Epoch", "Replicas", "ISR", "Start", "End");
            foreach (var partition in topic.Partitions)
            {
                var range = offsets[partition.Index];
                Row(
                    table,
                    Text(partition.Index),
                    partition.LeaderId < 0 ? "none" : Text(partition.LeaderId),
                    Text(partition.LeaderEpoch),
                    string.Join(',', partition.Replicas),
                    string.Join(',', partition.Isr),
                    range is null ? "?" : Text(range.Value.Start),
                    range is null ? "?" : Text(range.Value.End));
            }

            Write(table);
        }
    }

    private static void WriteJson(Utf8JsonWriter writer, TopicDescription description)
    {
        var (topic, offsets, configs) = description;
        writer.WriteStartObject();
        writer.WriteString("name", topic.Name);
        writer.WriteString("topicId", UuidText.Format(topic.Id));
        writer.WriteNumber("replicationFactor", ReplicationFactor(topic));
        writer.WriteStartObject("configs");
        foreach (var config in configs)
        {
            writer.WriteString(config.Name, config.Value);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("partitions");
        WriteArray(writer, topic.Partitions, partition =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("partition", partition.Index);
            writer.WriteNumber("leader", partition.LeaderId);
            writer.WriteNumber("leaderEpoch", partition.LeaderEpoch);
            writer.WritePropertyName("replicas");
            WriteArray(writer, partition.Replicas, writer.WriteNumberValue);
            writer.WritePropertyName("isr");
            WriteArray(writer, partition.Isr, writer.WriteNumberValue);
            if (offsets[partition.Index] is { } range)
            {
                writer.WriteNumber("startOffset", range.Start);
                writer.WriteNumber("endOffset", range.End);
            }

            writer.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void WriteJson(Action<Utf8JsonWriter> write)
    {
        using var output = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(output, Indented))
        {
            write(writer);
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, IEnumerable<T> items, Action<T> write)
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            write(item);
        }

        writer.WriteEndArray();
    }

    private static Table Table(params string[] columns) =>
        new Table().Border(TableBorder.Minimal).AddColumns(columns);

    private static void Row(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(cell => new Text(cell))]);

    private static void Write(Table table)
    {
        if (Console.IsOutputRedirected)
        {
            // Nobody's screen is too narrow for a file.
            AnsiConsole.Profile.Width = RedirectedWidth;
        }

        AnsiConsole.Write(table);
    }

    private static int ReplicationFactor(TopicMetadata topic) => topic.Partitions.Max(partition => partition.Replicas.Count);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
