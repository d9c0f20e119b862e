using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <summary>
/// What the controller decides: a request and the image go in, records and answers come out. It keeps no state of its
/// own (the image is the state) and knows no clock, disk, lock or random source: new topic ids are handed to it.
/// Decisions are made one at a time, each on the image that holds all records before it.
/// </summary>
public sealed partial class ControllerState
{
    /// <summary>
    /// Partitions that one request may make: as in Kafka, so that its records always fit one atomic batch.
    /// </summary>
    public const int PartitionsPerRequestMax = 10_000;

    private readonly ControllerOptions _options;
    private readonly Func<Guid> _newTopicId;

    /// <summary>Sets what decisions depend on besides the image.</summary>
    /// <param name="options">Defaults and checks.</param>
    /// <param name="newTopicId">Gives a topic id never given before.</param>
    public ControllerState(ControllerOptions options, Func<Guid> newTopicId)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(newTopicId);
        Invariant.Check(options.NumPartitions > 0, "num.partitions is 1 or more");
        Invariant.Check(options.DefaultReplicationFactor > 0, "default.replication.factor is 1 or more");
        _options = options;
        _newTopicId = newTopicId;
    }

    /// <summary>Names that stand more than once in a request; such items are refused, each once.</summary>
    private static HashSet<string> FindDuplicates(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var duplicates = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!seen.Add(name))
            {
                duplicates.Add(name);
            }
        }
        return duplicates;
    }

    private static void AddPartitionRecords(
        List<MetadataRecord> records,
        MetadataImage image,
        DirectoryPlacement directories,
        Guid topicId,
        int firstIndex,
        int[][] replicas)
    {
        for (var i = 0; i < replicas.Length; i++)
        {
            var partition = NewPartition(image, directories, replicas[i]);
            PartitionRecord record = PartitionRecords.ToRecord(topicId, firstIndex + i, partition);
            records.Add(RecordVersions.Versioned(record));
        }
    }

    private static PartitionImage NewPartition(MetadataImage image, DirectoryPlacement directories, int[] replicas)
    {
        var isr = Array.FindAll(replicas, id => image.FindBroker(id) is { IsFenced: false });
        Invariant.Check(isr.Length > 0, "a new partition has a live replica");
        return new PartitionImage
        {
            Replicas = replicas,
            Isr = isr,
            Leader = isr[0],
            LeaderEpoch = 0,
            PartitionEpoch = 0,
            Directories = Array.ConvertAll(replicas, directories.Place),
        };
    }
}
