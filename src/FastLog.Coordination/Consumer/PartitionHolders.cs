using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// By how many members each partition is held: assigned to them, or pending revocation. One at most, but for groups
/// taken over from the classic protocol, whose leaders may have assigned a partition twice.
/// </summary>
internal sealed class PartitionHolders
{
    private readonly Dictionary<(Guid TopicId, int Partition), int> _holders;

    public PartitionHolders() => _holders = [];

    private PartitionHolders(PartitionHolders other) => _holders = new(other._holders);

    public PartitionHolders Clone() => new(this);

    /// <summary>A member holds other partitions than before.</summary>
    public void Replace(CurrentAssignment before, CurrentAssignment after)
    {
        Add(before.Assigned, -1);
        Add(before.PendingRevocation, -1);
        Add(after.Assigned, 1);
        Add(after.PendingRevocation, 1);
    }

    /// <summary>Whether nobody holds the partition.</summary>
    public bool IsFree(Guid topicId, int partition) => !_holders.ContainsKey((topicId, partition));

    /// <summary>Those of some partitions that nobody holds.</summary>
    public TopicPartitionSet FreeOf(TopicPartitionSet wanted)
    {
        var free = new TopicPartitionSet.Builder();
        foreach (var topic in wanted.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (IsFree(topic.TopicId, partition))
                {
                    free.Add(topic.TopicId, partition);
                }
            }
        }

        return free.Build();
    }

    private void Add(TopicPartitionSet set, int change)
    {
        foreach (var topic in set.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                var key = (topic.TopicId, partition);
                var count = _holders.GetValueOrDefault(key) + change;
                Invariant.Check(count >= 0, "a partition is given up by one that held it");
                if (count == 0)
                {
                    _holders.Remove(key);
                }
                else
                {
                    _holders[key] = count;
                }
            }
        }
    }
}
