using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>Log directories that fail, are replaced, or turn out to hold a replica (KIP-858).</content>
public sealed partial class ControllerState
{
    /// <summary>Some of a broker's log directories failed: it leads nothing that lies in them any more.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="online">Ids of the directories it has left, at least one.</param>
    public static IReadOnlyList<MetadataRecord> LoseDirectories(
        MetadataImage image, int brokerId, IReadOnlyList<Guid> online)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(online);
        Invariant.Check(online.Count > 0, "a broker without log directories does not run");
        Invariant.Check(image.FindBroker(brokerId) is not null, "only a registered broker loses directories");
        var change = BrokerRecords.ToDirectoriesRecord(image.FindBroker(brokerId)!, online);
        var records = new List<MetadataRecord> { RecordVersions.Versioned(change) };
        foreach (var topic in image.Topics)
        {
            for (var index = 0; index < topic.PartitionsCount; index++)
            {
                var partition = topic.Partitions[index];
                if (partition.Leader == brokerId && !IsOnline(partition.DirectoryOf(brokerId), online))
                {
                    records.Add(LeaderRecord(topic.Id, index, PartitionImage.NoLeader));
                }
            }
        }
        return records;
    }

    /// <summary>Takes down where replicas were found that the metadata has elsewhere, or nowhere.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="brokerId">The broker that found them.</param>
    /// <param name="find">The directory that holds a partition of a topic; null for none.</param>
    public static IReadOnlyList<MetadataRecord> AssignDirectories(
        MetadataImage image, int brokerId, Func<TopicImage, int, Guid?> find)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(find);
        var records = new List<MetadataRecord>();
        foreach (var topic in image.Topics)
        {
            for (var index = 0; index < topic.PartitionsCount; index++)
            {
                var partition = topic.Partitions[index];
                if (partition.HasReplica(brokerId)
                    && find(topic, index) is { } found
                    && found != partition.DirectoryOf(brokerId))
                {
                    records.Add(DirectoryRecord(topic.Id, index, partition, brokerId, found));
                }
            }
        }
        return records;
    }

    private static bool IsOnline(Guid directory, IReadOnlyList<Guid> online) =>
        directory == DirectoryIds.Unassigned || online.Contains(directory);

    private static MetadataRecord LeaderRecord(Guid topicId, int index, int leader) =>
        RecordVersions.Versioned(new PartitionChangeRecord { PartitionId = index, TopicId = topicId, Leader = leader });

    private static MetadataRecord DirectoryRecord(
        Guid topicId, int index, PartitionImage partition, int brokerId, Guid directory)
    {
        var record = new PartitionChangeRecord { PartitionId = index, TopicId = topicId, Directories = new() };
        foreach (var replica in partition.Replicas)
        {
            record.Directories.Add(replica == brokerId ? directory : partition.DirectoryOf(replica));
        }
        return RecordVersions.Versioned(record);
    }
}
