using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>AlterPartitionReassignments (KIP-455), as far as it can be done at once: to replicas that are in sync.</content>
public sealed partial class ControllerState
{
    /// <summary>Moves partitions to other replicas. Each is answered for itself.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="reassignments">The partitions and where they shall be.</param>
    public static Decision<IReadOnlyList<PartitionOutcome>> AlterReassignments(
        MetadataImage image, IReadOnlyList<PartitionReassignment> reassignments)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reassignments);
        var records = new List<MetadataRecord>();
        var outcomes = new List<PartitionOutcome>(reassignments.Count);
        var seen = new HashSet<(string, int)>();
        foreach (var wanted in reassignments)
        {
            var refusal = seen.Add((wanted.Topic, wanted.Partition))
                ? Reassign(image, wanted, records)
                : new Refusal(ErrorCode.InvalidRequest, "The partition is named more than once.");
            outcomes.Add(new(wanted.Topic, wanted.Partition, refusal?.Error ?? ErrorCode.None, refusal?.Message));
        }
        return new(records, outcomes);
    }

    private static Refusal? Reassign(MetadataImage image, PartitionReassignment wanted, List<MetadataRecord> records)
    {
        if (image.FindTopic(wanted.Topic) is not { } topic)
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"Unable to find a topic named {wanted.Topic}.");
        }
        if (topic.FindPartition(wanted.Partition) is not { } partition)
        {
            return new(ErrorCode.UnknownTopicOrPartition, $"Unable to find partition {wanted.Topic}:{wanted.Partition}.");
        }
        if (wanted.BrokerIds is not { } target)
        {
            // One that runs was begun by another controller, and needs brokers that are not here to go on.
            return partition.AddingReplicas.Length + partition.RemovingReplicas.Length == 0
                ? new(ErrorCode.NoReassignmentInProgress, null)
                : Cancel(topic.Id, wanted.Partition, partition, records);
        }
        if (ManualAssignment.Check(image, target, null) is { } invalid)
        {
            return invalid;
        }
        if (target.FirstOrDefault(id => image.FindBroker(id) is { IsFenced: true }, -1) is >= 0 and var fenced)
        {
            return ManualAssignment.Refuse($"Broker {fenced} of the manual partition assignment is fenced.");
        }
        if (target.SequenceEqual(partition.Replicas))
        {
            return null;
        }
        if (target.FirstOrDefault(id => Array.IndexOf(partition.Isr, id) < 0, -1) is >= 0 and var behind)
        {
            return ManualAssignment.Refuse(
                $"Broker {behind} of the manual partition assignment is not in sync, and no broker can be copied from.");
        }
        records.Add(ReassignmentRecord(topic.Id, wanted.Partition, partition, target));
        return null;
    }

    private static Refusal? Cancel(Guid topicId, int index, PartitionImage partition, List<MetadataRecord> records)
    {
        int[] kept = [.. partition.Replicas.Except(partition.AddingReplicas)];
        if (kept.Length == 0 || !partition.Isr.Intersect(kept).Any())
        {
            return ManualAssignment.Refuse("None of the replicas of before the reassignment is in sync.");
        }
        records.Add(ReassignmentRecord(topicId, index, partition, kept));
        return null;
    }

    private static MetadataRecord ReassignmentRecord(
        Guid topicId, int index, PartitionImage partition, IReadOnlyList<int> replicas)
    {
        int[] isr = [.. partition.Isr.Where(replicas.Contains)];
        var record = new PartitionChangeRecord
        {
            PartitionId = index,
            TopicId = topicId,
            Replicas = [.. replicas],
            Isr = [.. isr],
            AddingReplicas = [],
            RemovingReplicas = [],
            Directories = [.. replicas.Select(partition.DirectoryOf)],
        };
        if (partition.Leader != PartitionImage.NoLeader && !isr.Contains(partition.Leader))
        {
            record.Leader = isr[0];
        }
        return RecordVersions.Versioned(record);
    }
}
