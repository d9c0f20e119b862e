using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Cluster;

/// <summary>The records about partitions, in both directions: to images and from them.</summary>
internal static class PartitionRecords
{
    /// <summary>In a <see cref="PartitionChangeRecord"/>: the leader and its epoch stay.</summary>
    public const int NoLeaderChange = -2;

    private const sbyte NoRecoveryStateChange = -1;

    // Tens of thousands of partitions without reassignment share this one.
    private static readonly int[] NoBrokers = [];

    public static PartitionImage ToImage(PartitionRecord record) => new()
    {
        Replicas = ToArray(record.Replicas),
        Isr = ToArray(record.Isr),
        RemovingReplicas = ToArray(record.RemovingReplicas),
        AddingReplicas = ToArray(record.AddingReplicas),
        EligibleLeaderReplicas = ToArray(record.EligibleLeaderReplicas),
        LastKnownElr = ToArray(record.LastKnownElr),
        Directories = ToArray(record.Directories),
        Leader = record.Leader,
        LeaderEpoch = record.LeaderEpoch,
        PartitionEpoch = record.PartitionEpoch,
        LeaderRecoveryState = record.LeaderRecoveryState,
    };

    public static PartitionImage Change(PartitionImage before, PartitionChangeRecord record)
    {
        var leaderNamed = record.Leader != NoLeaderChange;
        return new PartitionImage
        {
            Replicas = ToArray(record.Replicas, before.Replicas),
            Isr = ToArray(record.Isr, before.Isr),
            RemovingReplicas = ToArray(record.RemovingReplicas, before.RemovingReplicas),
            AddingReplicas = ToArray(record.AddingReplicas, before.AddingReplicas),
            EligibleLeaderReplicas = ToArray(record.EligibleLeaderReplicas, before.EligibleLeaderReplicas),
            LastKnownElr = ToArray(record.LastKnownElr, before.LastKnownElr),
            Directories = record.Directories is null ? before.Directories : ToArray(record.Directories),
            Leader = leaderNamed ? record.Leader : before.Leader,
            LeaderEpoch = leaderNamed ? before.LeaderEpoch + 1 : before.LeaderEpoch,
            PartitionEpoch = before.PartitionEpoch + 1,
            LeaderRecoveryState = record.LeaderRecoveryState == NoRecoveryStateChange
                ? before.LeaderRecoveryState
                : record.LeaderRecoveryState,
        };
    }

    public static PartitionRecord ToRecord(Guid topicId, int index, PartitionImage image)
    {
        var record = new PartitionRecord
        {
            PartitionId = index,
            TopicId = topicId,
            Leader = image.Leader,
            LeaderEpoch = image.LeaderEpoch,
            PartitionEpoch = image.PartitionEpoch,
            LeaderRecoveryState = image.LeaderRecoveryState,
        };
        AddAll(record.Replicas, image.Replicas);
        AddAll(record.Isr, image.Isr);
        AddAll(record.RemovingReplicas, image.RemovingReplicas);
        AddAll(record.AddingReplicas, image.AddingReplicas);
        AddAll(record.Directories, image.Directories);
        return record;
    }

    private static int[] ToArray(MessageList<int>? list, int[]? whenNull = null)
    {
        if (list is null)
        {
            return whenNull ?? NoBrokers;
        }
        if (list.Count == 0)
        {
            return NoBrokers;
        }
        var array = new int[list.Count];
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = list[i];
        }
        return array;
    }

    private static Guid[] ToArray(MessageList<Guid> list)
    {
        var array = list.Count == 0 ? [] : new Guid[list.Count];
        for (var i = 0; i < array.Length; i++)
        {
            array[i] = list[i];
        }
        return array;
    }

    private static void AddAll<T>(MessageList<T> list, T[] items)
    {
        foreach (var item in items)
        {
            list.Add(item);
        }
    }
}
