using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>
/// Who waits for an offset of a partition: a produce request for its last record, a fetch request for a next one.
/// Called on the thread that moved the offset (the log directory's flusher, as a rule), with no lock held, one
/// waiter of a partition at a time: it must be quick and must not block.
/// </summary>
public interface IOffsetWaiter
{
    /// <summary>The offset waited for is reached. The waiter is registered no more.</summary>
    /// <param name="p">The partition it was registered at.</param>
    void OnOffsetReached(Partition p);

    /// <summary>The offset will not be reached here. The waiter is registered no more.</summary>
    /// <param name="p">The partition it was registered at.</param>
    /// <param name="error">UNKNOWN_TOPIC_OR_PARTITION: deleted; KAFKA_STORAGE_ERROR: the log failed;
    /// NOT_LEADER_OR_FOLLOWER: another broker leads.</param>
    void OnPartitionFailed(Partition p, ErrorCode error);
}
