namespace FastLog.Coordination;

/// <summary>The committed offsets of a shard: by group, topic and partition.</summary>
public sealed class OffsetTable
{
    private readonly Dictionary<string, GroupOffsets> _groups = new(StringComparer.Ordinal);

    /// <summary>The groups that have offsets.</summary>
    public IReadOnlyDictionary<string, GroupOffsets> Groups => _groups;

    /// <summary>How many offsets there are, of all groups.</summary>
    public int Count { get; private set; }

    /// <summary>How many offsets were put here, those of the log that was loaded among them.</summary>
    public long CommitsCount { get; private set; }

    /// <summary>The offsets of a group, or null if it has none.</summary>
    /// <param name="groupId">The group.</param>
    public GroupOffsets? Find(string groupId) => _groups.GetValueOrDefault(groupId);

    /// <summary>The offset of a partition, or null.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public CommittedOffset? Find(string groupId, string topic, int partition) =>
        Find(groupId)?.Find(topic, partition);

    internal void Put(string groupId, string topic, int partition, CommittedOffset offset)
    {
        if (!_groups.TryGetValue(groupId, out var offsets))
        {
            _groups[groupId] = offsets = new GroupOffsets();
        }

        CommitsCount++;
        Count += offsets.Put(topic, partition, offset) ? 1 : 0;
    }

    internal void Remove(string groupId, string topic, int partition)
    {
        if (_groups.TryGetValue(groupId, out var offsets) && offsets.Remove(topic, partition))
        {
            Count--;
            if (offsets.Topics.Count == 0)
            {
                _groups.Remove(groupId);
            }
        }
    }
}

/// <summary>The committed offsets of one group.</summary>
public sealed class GroupOffsets
{
    private readonly Dictionary<string, SortedDictionary<int, CommittedOffset>> _topics = new(StringComparer.Ordinal);

    /// <summary>By topic and partition; no topic is without a partition.</summary>
    public IReadOnlyDictionary<string, SortedDictionary<int, CommittedOffset>> Topics => _topics;

    /// <summary>The offset of a partition, or null.</summary>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public CommittedOffset? Find(string topic, int partition) =>
        _topics.TryGetValue(topic, out var partitions) && partitions.TryGetValue(partition, out var found) ? found : null;

    internal bool Put(string topic, int partition, CommittedOffset offset)
    {
        if (!_topics.TryGetValue(topic, out var partitions))
        {
            _topics[topic] = partitions = [];
        }

        var before = partitions.Count;
        partitions[partition] = offset;
        return partitions.Count > before;
    }

    internal bool Remove(string topic, int partition)
    {
        if (!_topics.TryGetValue(topic, out var partitions) || !partitions.Remove(partition))
        {
            return false;
        }

        if (partitions.Count == 0)
        {
            _topics.Remove(topic);
        }

        return true;
    }
}

/// <summary>What a group has committed for a partition.</summary>
/// <param name="Offset">The next offset to consume.</param>
/// <param name="LeaderEpoch">Leader epoch of the record before it, -1 if unknown (KIP-320).</param>
/// <param name="Metadata">The consumer's own text.</param>
/// <param name="CommitTimestampMs">When it was committed, in milliseconds since 1970.</param>
/// <param name="ExpireTimestampMs">When it expires whatever its group does; -1 for as its group does. Only old clients set it.</param>
public sealed record CommittedOffset(
    long Offset, int LeaderEpoch, string Metadata, long CommitTimestampMs, long ExpireTimestampMs);
