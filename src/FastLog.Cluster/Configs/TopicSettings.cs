namespace FastLog.Cluster.Configs;

/// <summary>The codec that a topic's log is stored in.</summary>
public enum TopicCompression
{
    /// <summary>Each batch stays as its producer sent it.</summary>
    Producer,

    /// <summary>No compression.</summary>
    Uncompressed,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>snappy.</summary>
    Snappy,

    /// <summary>LZ4 frames.</summary>
    Lz4,

    /// <summary>Zstandard.</summary>
    Zstd,
}

/// <summary>The effective settings of a topic, typed: its own values over the broker's, over defaults.</summary>
public sealed record TopicSettings
{
    /// <summary><c>segment.bytes</c>: a segment rolls before it would grow past this.</summary>
    public required int SegmentBytes { get; init; }

    /// <summary><c>segment.ms</c>: age at which a segment rolls.</summary>
    public required long SegmentMs { get; init; }

    /// <summary><c>segment.jitter.ms</c>: the most by which <see cref="SegmentMs"/> is shortened at random.</summary>
    public required long SegmentJitterMs { get; init; }

    /// <summary><c>segment.index.bytes</c>: size of an index file at which its segment rolls.</summary>
    public required int SegmentIndexBytes { get; init; }

    /// <summary><c>index.interval.bytes</c>: log bytes between two index entries.</summary>
    public required int IndexIntervalBytes { get; init; }

    /// <summary><c>max.message.bytes</c>: largest record batch, its 12 leading bytes included.</summary>
    public required int MessageBytesMax { get; init; }

    /// <summary><c>flush.messages</c>: 1 flushes before a write is acknowledged; the largest long never.</summary>
    public required long FlushMessages { get; init; }

    /// <summary><c>flush.ms</c>: the longest a record stays unflushed.</summary>
    public required long FlushMs { get; init; }

    /// <summary><c>retention.ms</c>: age at which segments go; -1 means never.</summary>
    public required long RetentionMs { get; init; }

    /// <summary><c>retention.bytes</c>: size to which a partition is cut; negative means no limit.</summary>
    public required long RetentionBytes { get; init; }

    /// <summary><c>cleanup.policy</c> contains delete: retention removes old segments.</summary>
    public required bool IsDeleted { get; init; }

    /// <summary><c>cleanup.policy</c> contains compact: the newest value of each key is kept.</summary>
    public required bool IsCompacted { get; init; }

    /// <summary><c>compression.type</c>.</summary>
    public required TopicCompression Compression { get; init; }

    /// <summary><c>compression.gzip.level</c>: 1 to 9, or -1 for the codec's own default.</summary>
    public required int CompressionGzipLevel { get; init; }

    /// <summary><c>compression.lz4.level</c>: 1 to 17.</summary>
    public required int CompressionLz4Level { get; init; }

    /// <summary><c>compression.zstd.level</c>: -131072 to 22.</summary>
    public required int CompressionZstdLevel { get; init; }

    /// <summary><c>message.timestamp.type</c> is LogAppendTime: the broker stamps batches as it appends them.</summary>
    public required bool IsLogAppendTime { get; init; }

    /// <summary><c>message.timestamp.before.max.ms</c>: how far it may lie before the broker's clock.</summary>
    public required long MessageTimestampBeforeMsMax { get; init; }

    /// <summary><c>message.timestamp.after.max.ms</c>: how far it may lie after the broker's clock.</summary>
    public required long MessageTimestampAfterMsMax { get; init; }

    /// <summary><c>preallocate</c>: reserve a segment's whole size when it is created.</summary>
    public required bool Preallocate { get; init; }

    /// <summary><c>file.delete.delay.ms</c>: how long a removed segment stays under its .deleted name.</summary>
    public required long FileDeleteDelayMs { get; init; }

    /// <summary><c>delete.retention.ms</c>: how long a tombstone stays after compaction.</summary>
    public required long DeleteRetentionMs { get; init; }

    /// <summary><c>min.compaction.lag.ms</c>: the shortest a record stays uncompacted.</summary>
    public required long CompactionLagMsMin { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: the longest a record stays uncompacted.</summary>
    public required long CompactionLagMsMax { get; init; }

    /// <summary><c>min.cleanable.dirty.ratio</c>: the dirty share, 0 to 1, that makes compaction worth while.</summary>
    public required double CleanableDirtyRatioMin { get; init; }

    /// <summary><c>min.insync.replicas</c>: in-sync replicas that a write with acks=all needs.</summary>
    public required int InsyncReplicasMin { get; init; }

    /// <summary><c>unclean.leader.election.enable</c>: as a last resort a replica not in sync leads.</summary>
    public required bool IsUncleanLeaderElectionEnabled { get; init; }
}
