using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>CreateTopics.</content>
public sealed partial class ControllerState
{
    private static readonly Refusal TooManyPartitions =
        new(ErrorCode.PolicyViolation, "Excessively large number of partitions per request.");

    /// <summary>Makes topics. Each is answered for itself: one refused does not keep the others from being made.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="topics">The topics.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    public Decision<IReadOnlyList<CreateTopicResult>> CreateTopics(
        MetadataImage image, IReadOnlyList<NewTopic> topics, bool validateOnly)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(topics);
        var records = new List<MetadataRecord>();
        var results = new List<CreateTopicResult>(topics.Count);
        var duplicates = FindDuplicates(topics.Select(topic => topic.Name));
        var answered = new HashSet<string>(StringComparer.Ordinal);
        var names = new TakenNames(image);
        var directories = new DirectoryPlacement(image);
        var partitionsLeft = PartitionsPerRequestMax;
        foreach (var topic in topics)
        {
            if (!answered.Add(topic.Name))
            {
                continue;
            }
            CreateTopicResult? made = null;
            var refusal = duplicates.Contains(topic.Name)
                ? new Refusal(ErrorCode.InvalidRequest, "Duplicate topic name.")
                : TryMake(image, topic, names, directories, ref partitionsLeft, records, out made);
            results.Add(refusal is null
                ? made!
                : new CreateTopicResult { Name = topic.Name, Error = refusal.Error, Message = refusal.Message });
        }
        return new Decision<IReadOnlyList<CreateTopicResult>>(validateOnly ? [] : records, results);
    }

    private Refusal? TryMake(
        MetadataImage image,
        NewTopic topic,
        TakenNames names,
        DirectoryPlacement directories,
        ref int partitionsLeft,
        List<MetadataRecord> records,
        out CreateTopicResult? made)
    {
        made = null;
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
        int[][] replicas = [];
        var refusal = names.Check(topic.Name)
            ?? CheckConfigs(image, topic, overrides)
            ?? TryPlace(image, topic, partitionsLeft, out replicas);
        if (refusal is not null)
        {
            return refusal;
        }
        partitionsLeft -= replicas.Length;
        names.Take(topic.Name);
        var id = _newTopicId();
        Invariant.Check(image.FindTopic(id) is null, "a new topic id is used by no topic");
        records.Add(RecordVersions.Versioned(new TopicRecord { Name = topic.Name, TopicId = id }));
        foreach (var (name, value) in overrides)
        {
            records.Add(TopicConfig(topic.Name, name, value));
        }
        AddPartitionRecords(records, image, directories, id, firstIndex: 0, replicas);
        made = new CreateTopicResult
        {
            Name = topic.Name,
            TopicId = id,
            PartitionsCount = replicas.Length,
            ReplicationFactor = replicas[0].Length,
            Overrides = overrides,
        };
        return null;
    }

    private static MetadataRecord TopicConfig(string topic, string name, string? value) =>
        RecordVersions.Versioned(new ConfigRecord
        {
            ResourceType = (sbyte)ConfigResourceType.Topic,
            ResourceName = topic,
            Name = name,
            Value = value,
        });

    private Refusal? CheckConfigs(MetadataImage image, NewTopic topic, Dictionary<string, string> overrides)
    {
        var nulls = new List<string>();
        foreach (var (name, value) in topic.Configs)
        {
            if (value is null)
            {
                nulls.Add(name);
            }
            else
            {
                overrides[name] = value;
            }
        }
        if (nulls.Count > 0)
        {
            return new Refusal(
                ErrorCode.InvalidConfig, "Null value not supported for topic configs: " + string.Join(',', nulls));
        }
        return overrides.Count > 0 && _options.CheckTopicConfigs(image, overrides) is { } fault
            ? new Refusal(ErrorCode.InvalidConfig, fault)
            : null;
    }

    private Refusal? TryPlace(MetadataImage image, NewTopic topic, int partitionsMax, out int[][] replicas)
    {
        replicas = [];
        if (topic.Assignments.Count > 0)
        {
            return topic.Assignments.Count > partitionsMax
                ? TooManyPartitions
                : TryTakeAssignments(image, topic, out replicas);
        }
        if (topic.ReplicationFactor is 0 or < -1)
        {
            return new Refusal(
                ErrorCode.InvalidReplicationFactor,
                "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.PartitionsCount is 0 or < -1)
        {
            return new Refusal(
                ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }
        var partitionsCount = topic.PartitionsCount == -1 ? _options.NumPartitions : topic.PartitionsCount;
        var replicationFactor =
            topic.ReplicationFactor == -1 ? _options.DefaultReplicationFactor : topic.ReplicationFactor;
        return partitionsCount > partitionsMax
            ? TooManyPartitions
            : ReplicaPlacement.TryPlace(image, partitionsCount, replicationFactor, image.TopicsCount, out replicas);
    }

    private static Refusal? TryTakeAssignments(MetadataImage image, NewTopic topic, out int[][] replicas)
    {
        replicas = [];
        if (topic.ReplicationFactor != -1)
        {
            return new Refusal(
                ErrorCode.InvalidRequest,
                "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (topic.PartitionsCount != -1)
        {
            return new Refusal(
                ErrorCode.InvalidRequest,
                "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        var placed = new int[topic.Assignments.Count][];
        foreach (var (index, brokerIds) in topic.Assignments)
        {
            if ((uint)index >= (uint)placed.Length)
            {
                return ManualAssignment.Refuse("partitions should be a consecutive 0-based integer sequence");
            }
            if (placed[index] is not null)
            {
                return ManualAssignment.Refuse($"Found multiple manual partition assignments for partition {index}");
            }
            if (CheckAssignment(image, index, brokerIds, topic.Assignments[0].BrokerIds.Count) is { } refusal)
            {
                return refusal;
            }
            placed[index] = [.. brokerIds];
        }
        replicas = placed;
        return null;
    }

    private static Refusal? CheckAssignment(
        MetadataImage image, int index, IReadOnlyList<int> brokerIds, int replicationFactor)
    {
        if (ManualAssignment.Check(image, brokerIds, replicationFactor) is { } refusal)
        {
            return refusal;
        }
        return brokerIds.Any(id => image.FindBroker(id) is { IsFenced: false })
            ? null
            : ManualAssignment.Refuse(
                $"All brokers specified in the manual partition assignment for partition {index} are fenced or in "
                + "controlled shutdown.");
    }
}
