using FastLog.Protocol;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>CreatePartitions.</content>
public sealed partial class ControllerState
{
    /// <summary>Adds partitions to topics. Each topic is answered for itself.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="topics">The topics and the counts wanted.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    public static Decision<IReadOnlyList<CreatePartitionsResult>> CreatePartitions(
        MetadataImage image, IReadOnlyList<MorePartitions> topics, bool validateOnly)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(topics);
        var records = new List<MetadataRecord>();
        var results = new List<CreatePartitionsResult>(topics.Count);
        var duplicates = FindDuplicates(topics.Select(topic => topic.Name));
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var partitionsLeft = PartitionsPerRequestMax;
        var directories = new DirectoryPlacement(image);
        foreach (var topic in topics)
        {
            if (!answered.Add(topic.Name))
            {
                continue;
            }
            var refusal = duplicates.Contains(topic.Name)
                ? new Refusal(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : TryAdd(image, topic, directories, ref partitionsLeft, records);
            results.Add(new CreatePartitionsResult(
                topic.Name, refusal?.Error ?? ErrorCode.None, refusal?.Message));
        }
        return new Decision<IReadOnlyList<CreatePartitionsResult>>(validateOnly ? [] : records, results);
    }

    private static Refusal? TryAdd(
        MetadataImage image,
        MorePartitions topic,
        DirectoryPlacement directories,
        ref int partitionsLeft,
        List<MetadataRecord> records)
    {
        if (image.FindTopic(topic.Name) is not { } existing)
        {
            return new Refusal(ErrorCode.UnknownTopicOrPartition, null);
        }
        if (topic.Count == existing.PartitionsCount)
        {
            return new Refusal(
                ErrorCode.InvalidPartitions, $"Topic already has {existing.PartitionsCount} partition(s).");
        }
        if (topic.Count < existing.PartitionsCount)
        {
            return new Refusal(
                ErrorCode.InvalidPartitions,
                $"The topic {topic.Name} currently has {existing.PartitionsCount} partition(s); {topic.Count} would "
                + "not be an increase.");
        }
        var added = topic.Count - existing.PartitionsCount;
        if (added > partitionsLeft)
        {
            return TooManyPartitions;
        }
        if (TryPlace(image, existing, added, topic.Assignments, out var replicas) is { } refusal)
        {
            return refusal;
        }
        partitionsLeft -= added;
        AddPartitionRecords(records, image, directories, existing.Id, existing.PartitionsCount, replicas);
        return null;
    }

    private static Refusal? TryPlace(
        MetadataImage image,
        TopicImage topic,
        int added,
        IReadOnlyList<IReadOnlyList<int>>? assignments,
        out int[][] replicas)
    {
        Invariant.Check(topic.PartitionsCount > 0, "a topic has a partition");
        var replicationFactor = topic.Partitions[0].Replicas.Length;
        if (assignments is null)
        {
            return ReplicaPlacement.TryPlace(image, added, replicationFactor, topic.PartitionsCount, out replicas);
        }
        replicas = [];
        if (assignments.Count != added)
        {
            return ManualAssignment.Refuse(
                $"Attempted to add {added} additional partition(s), but only {assignments.Count} assignment(s) were "
                + "specified.");
        }
        var placed = new int[added][];
        for (var i = 0; i < added; i++)
        {
            var index = topic.PartitionsCount + i;
            if (CheckAssignment(image, index, assignments[i], replicationFactor) is { } refusal)
            {
                return refusal;
            }
            placed[i] = [.. assignments[i]];
        }
        replicas = placed;
        return null;
    }
}
