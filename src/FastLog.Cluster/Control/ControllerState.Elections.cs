using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;
using FastLog.Storage;

namespace FastLog.Cluster;

/// <content>ElectLeaders (KIP-183, KIP-460).</content>
public sealed partial class ControllerState
{
    /// <summary>Elects leaders by hand. Each partition is answered for itself.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="type">The preferred leader, or any.</param>
    /// <param name="partitions">The partitions; null means all, and then those that need no election are not answered.</param>
    public static Decision<IReadOnlyList<PartitionOutcome>> ElectLeaders(
        MetadataImage image, ElectionType type, IReadOnlyList<TopicPartition>? partitions)
    {
        ArgumentNullException.ThrowIfNull(image);
        Invariant.Check(type is ElectionType.Preferred or ElectionType.Unclean, "an unknown election type was refused before");
        var records = new List<MetadataRecord>();
        var outcomes = new List<PartitionOutcome>();
        foreach (var (topic, index) in partitions?.Distinct() ?? AllPartitions(image))
        {
            var outcome = Elect(image, type, topic, index, records);
            if (partitions is not null || outcome.Error != ErrorCode.ElectionNotNeeded)
            {
                outcomes.Add(outcome);
            }
        }
        return new(records, outcomes);
    }

    private static IEnumerable<TopicPartition> AllPartitions(MetadataImage image) =>
        image.Topics.OrderBy(topic => topic.Name, StringComparer.Ordinal).SelectMany(
            topic => Enumerable.Range(0, topic.PartitionsCount).Select(index => new TopicPartition(topic.Name, index)));

    private static PartitionOutcome Elect(
        MetadataImage image, ElectionType type, string topic, int index, List<MetadataRecord> records)
    {
        if (image.FindTopic(topic) is not { } found)
        {
            return new(topic, index, ErrorCode.UnknownTopicOrPartition, $"No such topic as {topic}");
        }
        if (found.FindPartition(index) is not { } partition)
        {
            return new(topic, index, ErrorCode.UnknownTopicOrPartition, $"No such partition as {topic}-{index}");
        }
        var isNeeded = type == ElectionType.Preferred
            ? partition.Leader != partition.Replicas[0]
            : partition.Leader == PartitionImage.NoLeader;
        if (!isNeeded)
        {
            return new(topic, index, ErrorCode.ElectionNotNeeded, "Leader election not needed for topic partition.");
        }
        var elected = type == ElectionType.Preferred
            ? FindPreferred(image, partition)
            : FindLive(image, partition, partition.Isr) ?? FindLive(image, partition, partition.Replicas);
        if (elected is not { } leader)
        {
            var error = type == ElectionType.Preferred
                ? ErrorCode.PreferredLeaderNotAvailable
                : ErrorCode.EligibleLeadersNotAvailable;
            return new(topic, index, error, error.Message());
        }
        records.Add(ElectionRecord(found.Id, index, partition, leader));
        return new(topic, index, ErrorCode.None);
    }

    private static int? FindPreferred(MetadataImage image, PartitionImage partition) =>
        Array.IndexOf(partition.Isr, partition.Replicas[0]) >= 0 ? FindLive(image, partition, partition.Replicas[..1]) : null;

    private static int? FindLive(MetadataImage image, PartitionImage partition, int[] candidates)
    {
        foreach (var id in candidates)
        {
            if (image.FindBroker(id) is { IsFenced: false } broker && broker.HasOnlineDirectory(partition.DirectoryOf(id)))
            {
                return id;
            }
        }
        return null;
    }

    // Who leads uncleanly is the only one in sync: the others may hold records that it has not.
    private static MetadataRecord ElectionRecord(Guid topicId, int index, PartitionImage partition, int leader)
    {
        var record = new PartitionChangeRecord { PartitionId = index, TopicId = topicId, Leader = leader };
        if (Array.IndexOf(partition.Isr, leader) < 0)
        {
            record.Isr = [leader];
        }
        return RecordVersions.Versioned(record);
    }
}
