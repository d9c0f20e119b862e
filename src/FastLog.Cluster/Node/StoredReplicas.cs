using FastLog.Records;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>Holds what a start finds in the log directories against what the metadata says lies where.</summary>
internal static class StoredReplicas
{
    /// <summary>
    /// Who knows the directory of every replica found on disk; null when the metadata has all of them in directories that
    /// are online, so that nobody need look.
    /// </summary>
    public static Func<TopicImage, int, Guid?>? FindUnlessKnown(
        MetadataImage image, int nodeId, IReadOnlyList<LogDirectory> directories)
    {
        var online = directories.Select(directory => directory.DirectoryId).ToHashSet();
        return IsAnyElsewhere(image, nodeId, online) ? Look(directories, nodeId) : null;
    }

    /// <summary>One line for each directory that the metadata knows and nobody found, with what is offline for it.</summary>
    public static void TellOffline(MetadataImage image, int nodeId, ILogger logger)
    {
        var missing = new Dictionary<Guid, int>();
        var broker = image.FindBroker(nodeId);
        foreach (var topic in image.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                var directory = partition.DirectoryOf(nodeId);
                if (partition.HasReplica(nodeId) && broker?.HasOnlineDirectory(directory) == false)
                {
                    missing[directory] = missing.GetValueOrDefault(directory) + 1;
                }
            }
        }
        foreach (var (directory, count) in missing)
        {
            logger.LogError(
                "{Count} partition(s) lie in the log directory with id {Directory}, which is not online: they stay offline "
                + "until a restart finds it",
                count,
                UuidText.Format(directory));
        }
    }

    private static bool IsAnyElsewhere(MetadataImage image, int nodeId, HashSet<Guid> online)
    {
        foreach (var topic in image.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.HasReplica(nodeId) && !online.Contains(partition.DirectoryOf(nodeId)))
                {
                    return true;
                }
            }
        }
        return false;
    }

    // A copy where the metadata has the replica is the replica, wherever else another lies.
    private static Func<TopicImage, int, Guid?> Look(IReadOnlyList<LogDirectory> directories, int nodeId)
    {
        var found = new Dictionary<(TopicPartition Partition, Guid TopicId), List<Guid>>();
        foreach (var directory in directories)
        {
            foreach (var (partition, topicId) in directory.ExistingPartitions())
            {
                if (topicId is not { } id)
                {
                    continue;
                }
                if (!found.TryGetValue((partition, id), out var places))
                {
                    found[(partition, id)] = places = [];
                }
                places.Add(directory.DirectoryId);
            }
        }
        return (topic, index) =>
        {
            if (!found.TryGetValue((new TopicPartition(topic.Name, index), topic.Id), out var places))
            {
                return null;
            }
            var recorded = topic.Partitions[index].DirectoryOf(nodeId);
            return places.Contains(recorded) ? recorded : places[0];
        };
    }
}
