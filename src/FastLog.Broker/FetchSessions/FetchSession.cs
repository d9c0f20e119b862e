using FastLog.Protocol;

namespace FastLog.Broker.FetchSessions;

/// <summary>
/// What one incremental fetcher asked for so far (KIP-227): its partitions in the order in which they are served,
/// and what it was last told about each. Not thread-safe by itself: the owner locks it.
/// </summary>
internal sealed class FetchSession(int id, bool usesTopicIds, bool privileged)
{
    private readonly Dictionary<(string? Topic, Guid TopicId, int Partition), LinkedListNode<SessionPartition>> _byName = [];
    private readonly LinkedList<SessionPartition> _inOrder = new();

    /// <summary>Nonzero session id.</summary>
    public int Id { get; } = id;

    /// <summary>Whether the session was opened with topic ids (Fetch 13 and later); it cannot change.</summary>
    public bool UsesTopicIds { get; } = usesTopicIds;

    /// <summary>Followers keep their sessions when slots are short.</summary>
    public bool Privileged { get; } = privileged;

    /// <summary>Epoch that the next incremental request must carry.</summary>
    public int NextEpoch { get; private set; } = 1;

    /// <summary>When the session was last used, milliseconds of the cache's clock.</summary>
    public long LastUsedMs { get; set; }

    /// <summary>Partitions that the cache counts for the session; guarded by the cache.</summary>
    public int CountedPartitions { get; set; }

    /// <summary>Partitions in the session.</summary>
    public int Count => _inOrder.Count;

    /// <summary>Partitions in serving order: those that returned data last come last.</summary>
    public LinkedList<SessionPartition> InOrder => _inOrder;

    /// <summary>Moves to the next epoch: 1 to 2147483647, then 1 again.</summary>
    public void AdvanceEpoch() => NextEpoch = NextEpoch == int.MaxValue ? 1 : NextEpoch + 1;

    /// <summary>Adds a partition, or takes over what the request says about a known one.</summary>
    public void Upsert(in FetchTarget target)
    {
        var key = KeyOf(target.Topic, target.TopicId, target.PartitionIndex);
        if (_byName.TryGetValue(key, out var node))
        {
            node.Value.Request = target;
        }
        else
        {
            node = _inOrder.AddLast(new SessionPartition { Request = target });
            _byName.Add(key, node);
        }
    }

    /// <summary>Forgets a partition; unknown ones are ignored.</summary>
    public void Forget(string? topic, Guid topicId, int partition)
    {
        if (_byName.Remove(KeyOf(topic, topicId, partition), out var node))
        {
            _inOrder.Remove(node);
        }
    }

    /// <summary>
    /// Decides whether an incremental response must mention the partition, and remembers what it was told. One that
    /// returns data moves to the end, so that the partitions behind it are not starved by the response's size limit.
    /// </summary>
    public bool Report(LinkedListNode<SessionPartition> node, in PartitionNews news)
    {
        var known = node.Value;
        var changed = news.HasRecords || news.Error != ErrorCode.None || news.Diverging
            || known.HighWatermark != news.HighWatermark || known.LogStartOffset != news.LogStartOffset;
        known.HighWatermark = news.Error == ErrorCode.None ? news.HighWatermark : -1;
        known.LogStartOffset = news.LogStartOffset;
        if (news.HasRecords && node.List is not null)
        {
            _inOrder.Remove(node);
            _inOrder.AddLast(node);
        }

        return changed;
    }

    private (string? Topic, Guid TopicId, int Partition) KeyOf(string? topic, Guid topicId, int partition) =>
        UsesTopicIds ? (null, topicId, partition) : (topic, Guid.Empty, partition);
}

/// <summary>A partition of a session.</summary>
internal sealed class SessionPartition
{
    /// <summary>What the fetcher last asked for.</summary>
    public FetchTarget Request { get; set; }

    /// <summary>High watermark it was last told; -1 before the first response.</summary>
    public long HighWatermark { get; set; } = -1;

    /// <summary>Log start offset it was last told; -1 before the first response.</summary>
    public long LogStartOffset { get; set; } = -1;
}

/// <summary>What a response would say about a partition.</summary>
internal readonly record struct PartitionNews(
    ErrorCode Error, bool HasRecords, bool Diverging, long HighWatermark, long LogStartOffset);
