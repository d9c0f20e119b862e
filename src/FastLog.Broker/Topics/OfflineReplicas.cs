using FastLog.Cluster;
using FastLog.Protocol;

namespace FastLog.Broker.Topics;

/// <summary>Replicas that clients are told are offline: their broker is fenced or unknown, or their log directory failed.</summary>
internal static class OfflineReplicas
{
    /// <summary>Adds a partition's offline replicas to a response.</summary>
    public static void AddTo(MessageList<int> list, PartitionImage partition, MetadataImage image)
    {
        foreach (var replica in partition.Replicas)
        {
            if (image.FindBroker(replica) is not { IsFenced: false } broker
                || !broker.HasOnlineDirectory(partition.DirectoryOf(replica)))
            {
                list.Add(replica);
            }
        }
    }
}
