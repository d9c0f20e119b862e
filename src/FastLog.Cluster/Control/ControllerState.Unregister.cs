using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>UnregisterBroker (KIP-631).</content>
public sealed partial class ControllerState
{
    /// <summary>Forgets a broker that is gone: it leads nothing and is in sync nowhere any more.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="runningId">The broker that runs with this controller; it would serve on without being known.</param>
    public static Decision<ErrorCode> UnregisterBroker(MetadataImage image, int brokerId, int runningId)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.FindBroker(brokerId) is not { } broker)
        {
            return new([], ErrorCode.BrokerIdNotRegistered);
        }
        if (brokerId == runningId)
        {
            return new([], ErrorCode.InvalidRequest);
        }
        var records = new List<MetadataRecord>
        {
            RecordVersions.Versioned(new UnregisterBrokerRecord { BrokerId = brokerId, BrokerEpoch = broker.Epoch }),
        };
        foreach (var topic in image.Topics)
        {
            for (var index = 0; index < topic.PartitionsCount; index++)
            {
                if (WithoutBroker(image, topic.Id, index, topic.Partitions[index], brokerId) is { } change)
                {
                    records.Add(RecordVersions.Versioned(change));
                }
            }
        }
        return new(records, ErrorCode.None);
    }

    private static PartitionChangeRecord? WithoutBroker(
        MetadataImage image, Guid topicId, int index, PartitionImage partition, int brokerId)
    {
        int[] others = [.. partition.Isr.Where(id => id != brokerId)];
        // The last one in sync stays so though it is gone: nobody else has all acknowledged records.
        var isLeaving = others.Length > 0 && others.Length < partition.Isr.Length;
        if (partition.Leader != brokerId && !isLeaving)
        {
            return null;
        }
        var record = new PartitionChangeRecord { PartitionId = index, TopicId = topicId };
        if (isLeaving)
        {
            record.Isr = [.. others];
        }
        if (partition.Leader == brokerId)
        {
            record.Leader = FindLive(image, partition, others) ?? PartitionImage.NoLeader;
        }
        return record;
    }
}
