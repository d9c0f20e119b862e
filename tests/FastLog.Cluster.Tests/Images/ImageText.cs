using System.Globalization;
using System.Text;

namespace FastLog.Cluster.Tests.Images;

/// <summary>An image as text in a fixed order, so that two images can be compared whole and a difference be read.</summary>
internal static class ImageText
{
    public static string Of(MetadataImage image)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{image.ClusterId} {image.LastOffset}/{image.LastEpoch}\n");
        text.Append(CultureInfo.InvariantCulture, $"next producer id {image.NextProducerId}\n");
        foreach (var (name, level) in image.Features.OrderBy(feature => feature.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"feature {name}={level}\n");
        }
        foreach (var broker in image.Brokers)
        {
            text.Append(CultureInfo.InvariantCulture, $"broker {broker.Id} epoch {broker.Epoch} {broker.IncarnationId} ");
            text.Append(CultureInfo.InvariantCulture, $"rack {broker.Rack} fenced {broker.IsFenced} ");
            text.Append(CultureInfo.InvariantCulture, $"stopping {broker.IsInControlledShutdown} ");
            text.AppendJoin(' ', broker.EndPoints).Append(' ').AppendJoin(' ', broker.Features).Append(' ');
            text.AppendJoin(' ', broker.LogDirectoryIds).Append('\n');
        }
        foreach (var (resource, values) in image.Configs.OrderBy(config => config.Key.ToString(), StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"config {resource} {Of(values)}\n");
        }
        foreach (var topic in image.Topics.OrderBy(topic => topic.Name, StringComparer.Ordinal))
        {
            Append(text, topic);
            Assert.Same(topic, image.FindTopic(topic.Id));
            Assert.Same(topic, image.FindTopic(topic.Name));
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, TopicImage topic)
    {
        text.Append(CultureInfo.InvariantCulture, $"topic {topic.Name} {topic.Id} {Of(topic.Overrides)}\n");
        foreach (var partition in topic.Partitions)
        {
            text.Append("  replicas ").AppendJoin(',', partition.Replicas);
            text.Append(" isr ").AppendJoin(',', partition.Isr);
            text.Append(" adding ").AppendJoin(',', partition.AddingReplicas);
            text.Append(" removing ").AppendJoin(',', partition.RemovingReplicas);
            text.Append(" elr ").AppendJoin(',', partition.EligibleLeaderReplicas);
            text.Append(" last elr ").AppendJoin(',', partition.LastKnownElr);
            text.Append(" directories ").AppendJoin(',', partition.Directories);
            text.Append(CultureInfo.InvariantCulture, $" leader {partition.Leader} epoch {partition.LeaderEpoch}");
            text.Append(CultureInfo.InvariantCulture, $" partition epoch {partition.PartitionEpoch}");
            text.Append(CultureInfo.InvariantCulture, $" recovery {partition.LeaderRecoveryState}\n");
        }
    }

    private static string Of(IReadOnlyDictionary<string, string> values) =>
        string.Join(' ', values.OrderBy(value => value.Key, StringComparer.Ordinal));
}
