using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>Brokers, their producer ids, and what a start of the cluster writes.</content>
public sealed partial class ControllerState
{
    /// <summary>How many producer ids a broker is given at a time.</summary>
    public const int ProducerIdsPerBlock = 1000;

    /// <summary>Records that a new cluster begins with; none if the image has them.</summary>
    /// <param name="image">The cluster.</param>
    public static IReadOnlyList<MetadataRecord> Bootstrap(MetadataImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Features.ContainsKey(FeatureLevels.MetadataVersion))
        {
            return [];
        }
        var records = new List<MetadataRecord>();
        foreach (var (name, level) in FeatureLevels.Bootstrap)
        {
            records.Add(RecordVersions.Versioned(new FeatureLevelRecord { Name = name, FeatureLevel = level }));
        }
        return records;
    }

    /// <summary>
    /// A broker of a quorum of one starts: it is registered anew and unfenced, which ends every earlier run of it.
    /// </summary>
    /// <param name="registration">What the broker says of itself.</param>
    /// <param name="nextOffset">Offset that the first record will have; it becomes the broker's epoch.</param>
    /// <returns>Records, and the broker's epoch.</returns>
    public static Decision<long> RegisterBroker(BrokerRegistration registration, long nextOffset)
    {
        ArgumentNullException.ThrowIfNull(registration);
        Invariant.Check(registration.EndPoints.Count > 0, "a broker listens somewhere");
        return new Decision<long>(
            [
                RecordVersions.Versioned(BrokerRecords.ToRecord(registration, nextOffset)),
                RecordVersions.Versioned(BrokerRecords.ToUnfenceRecord(registration.BrokerId, nextOffset)),
            ],
            nextOffset);
    }

    /// <summary>
    /// Elects leaders after a restart: every partition that the broker can lead gets it as leader in a new leader
    /// epoch, so that what earlier runs appended can be told from what this one appends. What lies in a directory that is
    /// not online any more loses its leader.
    /// </summary>
    /// <param name="image">The cluster, the broker registered and unfenced in it.</param>
    /// <param name="brokerId">The broker that started.</param>
    public static IReadOnlyList<MetadataRecord> ElectAfterRestart(MetadataImage image, int brokerId)
    {
        ArgumentNullException.ThrowIfNull(image);
        var broker = image.FindBroker(brokerId);
        Invariant.Check(broker is { IsFenced: false }, "only a live broker is elected");
        var records = new List<MetadataRecord>();
        foreach (var topic in image.Topics)
        {
            var partitions = topic.Partitions;
            for (var index = 0; index < partitions.Length; index++)
            {
                var isOnline = broker!.HasOnlineDirectory(partitions[index].DirectoryOf(brokerId));
                if (isOnline && CanLead(partitions[index], brokerId))
                {
                    records.Add(LeaderRecord(topic.Id, index, brokerId));
                }
                else if (!isOnline && partitions[index].Leader == brokerId)
                {
                    records.Add(LeaderRecord(topic.Id, index, PartitionImage.NoLeader));
                }
            }
        }
        return records;
    }

    /// <summary>Gives a broker the next block of producer ids.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="brokerId">The broker that asks.</param>
    /// <param name="brokerEpoch">Its epoch; a run that is over gets nothing.</param>
    public static Decision<ProducerIdBlock> AllocateProducerIds(MetadataImage image, int brokerId, long brokerEpoch)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.FindBroker(brokerId) is not { } broker)
        {
            return Refuse(ErrorCode.BrokerIdNotRegistered);
        }
        if (broker.Epoch != brokerEpoch)
        {
            return Refuse(ErrorCode.StaleBrokerEpoch);
        }
        if (image.NextProducerId > long.MaxValue - ProducerIdsPerBlock)
        {
            return Refuse(ErrorCode.UnknownServerError);
        }
        var record = new ProducerIdsRecord
        {
            BrokerId = brokerId,
            BrokerEpoch = brokerEpoch,
            NextProducerId = image.NextProducerId + ProducerIdsPerBlock,
        };
        return new Decision<ProducerIdBlock>(
            [RecordVersions.Versioned(record)],
            new ProducerIdBlock(ErrorCode.None, image.NextProducerId, ProducerIdsPerBlock));
    }

    // An ISR without the broker means that it missed acknowledged records: it must not lead.
    private static bool CanLead(PartitionImage partition, int brokerId) =>
        partition.HasReplica(brokerId)
        && Array.IndexOf(partition.Isr, brokerId) >= 0
        && (partition.Leader == brokerId || partition.Leader == PartitionImage.NoLeader);

    private static Decision<ProducerIdBlock> Refuse(ErrorCode error) =>
        new([], new ProducerIdBlock(error, 0, 0));
}
