using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>What a log needs of the directory it lives in. Lock order: a log's lock first, then the directory's.</summary>
internal interface ILogHome
{
    IFileSystem Files { get; }

    /// <summary>The open files of the logs' segments and their bound.</summary>
    OpenSegmentFiles OpenFiles { get; }

    TimeProvider Time { get; }

    ILogger Logger { get; }

    bool IsOffline { get; }

    /// <summary>producer.id.expiration.ms: for so long a producer that writes nothing is remembered.</summary>
    long ProducerIdExpirationMs { get; }

    /// <summary>The log has something to sync: the flusher will come by.</summary>
    void MarkDirty(PartitionLog log);

    /// <summary>Returns once the names of the logs' directories survive a crash. The flusher sees to it before each round.</summary>
    void SyncNames();

    /// <summary>A write or a sync failed: the directory goes offline. Never called under a log's lock.</summary>
    void Fail(Exception failure);

    /// <summary>Something was refused because the disk is full; said in the log once in a while.</summary>
    void ReportNoSpace(DiskException failure);

    /// <summary>Returns once a crash cannot bring back a log start below the offset.</summary>
    void PersistLogStart(TopicPartition partition, long logStartOffset);

    /// <summary>Returns once a crash cannot bring back a recovery point or a cleaned offset of this log beyond the offset.</summary>
    void LowerRecoveryPoint(TopicPartition partition, long recoveryPoint);

    /// <summary>Where the log's last cleaning ended; 0 when none is known of.</summary>
    long CleanedOffset(TopicPartition partition);

    /// <summary>Remembers where a cleaning ended.</summary>
    void PersistCleanedOffset(TopicPartition partition, long offset);

    /// <summary>
    /// Returns once a crash cannot bring back from the commit journal what was appended up to now; what the journal
    /// vouched for is in the log's own files then. Called under the log's lock, after a cut was counted.
    /// </summary>
    void ForgetJournaled(PartitionLog log);

    /// <summary>Deletes a file or a directory that was renamed out of the way, after a while.</summary>
    void RemoveLater(string path, long delayMs);
}
