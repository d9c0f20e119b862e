using FastLog.Records;

namespace FastLog.Storage;

/// <summary>A topic's settings as its logs need them; names and defaults are Kafka's unless said.</summary>
public sealed record LogConfig
{
    /// <summary>segment.bytes: the log file's size in bytes that is not exceeded.</summary>
    public int SegmentBytes { get; init; } = 1073741824;

    /// <summary>segment.ms: the span of record time in ms after which a segment rolls.</summary>
    public long SegmentMs { get; init; } = 604800000;

    /// <summary>segment.jitter.ms: at most so many ms are taken off <see cref="SegmentMs"/>, another number each segment.</summary>
    public long SegmentJitterMs { get; init; }

    /// <summary>segment.index.bytes: an index file's size in bytes at which the segment rolls.</summary>
    public int SegmentIndexBytes { get; init; } = 10485760;

    /// <summary>index.interval.bytes: bytes of log between two index entries.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>max.message.bytes: the largest batch in bytes that a client may append.</summary>
    public int MaxMessageBytes { get; init; } = 1048588;

    /// <summary>
    /// flush.messages: 1 (FastLog's default) means that nothing counts as durable before fdatasync returned. Any other
    /// value is Kafka's: what was written counts at once, and a flush starts after so many records.
    /// </summary>
    public long FlushMessages { get; init; } = 1;

    /// <summary>flush.ms: ms after which written records are flushed when <see cref="FlushMessages"/> does not ask earlier.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary>retention.ms: ms a segment is kept after its newest record; -1 for ever.</summary>
    public long RetentionMs { get; init; } = 604800000;

    /// <summary>retention.bytes: bytes kept per partition; -1 unbounded.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>message.timestamp.type: whose clock stamps the records.</summary>
    public TimestampType MessageTimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary>message.timestamp.before.max.ms: how many ms older than now a record may be.</summary>
    public long MessageTimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary>message.timestamp.after.max.ms: how many ms newer than now a record may be.</summary>
    public long MessageTimestampAfterMaxMs { get; init; } = 3600000;

    /// <summary>preallocate: reserve a segment's space when it is made.</summary>
    public bool Preallocate { get; init; }

    /// <summary>file.delete.delay.ms: ms between the removal of a segment from the log and of its files from the disk.</summary>
    public long FileDeleteDelayMs { get; init; } = 60000;

    /// <summary>cleanup.policy contains compact: every record needs a key.</summary>
    public bool IsCompacted { get; init; }

    /// <summary>cleanup.policy contains delete: old segments go by time and size.</summary>
    public bool IsDeleted { get; init; } = true;

    /// <summary>min.cleanable.dirty.ratio: the dirty share, 0 to 1, above which a log is compacted.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>min.compaction.lag.ms: for so many ms a record is left as it is.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>max.compaction.lag.ms: after so many ms a record is compacted whatever the dirty ratio.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>delete.retention.ms: ms that tombstones and markers are kept after they were first compacted.</summary>
    public long DeleteRetentionMs { get; init; } = 86400000;

    /// <summary>compression.type; null is "producer": batches stay as they came.</summary>
    public CompressionType? CompressionType { get; init; }

    /// <summary>compression.gzip.level: 1 to 9, or -1 for the codec's default; used where the broker packs.</summary>
    public int CompressionGzipLevel { get; init; } = -1;

    /// <summary>compression.lz4.level: 1 to 17.</summary>
    public int CompressionLz4Level { get; init; } = 9;

    /// <summary>compression.zstd.level: -131072 to 22.</summary>
    public int CompressionZstdLevel { get; init; } = 3;

    /// <summary>The effort to pack with; null for codecs without one, and for the default.</summary>
    internal int? CompressionLevelOf(CompressionType type) => type switch
    {
        Records.CompressionType.Gzip => CompressionGzipLevel == -1 ? null : CompressionGzipLevel,
        Records.CompressionType.Lz4 => CompressionLz4Level,
        Records.CompressionType.Zstd => CompressionZstdLevel,
        _ => null,
    };

    /// <summary>The span of record time in ms after which a segment rolls: what is not rolled is not compacted either.</summary>
    internal long RollMs => IsCompacted ? Math.Min(SegmentMs, MaxCompactionLagMs) : SegmentMs;

    /// <summary>What is written counts as durable only once it was synced.</summary>
    internal bool SyncsBeforeAck => FlushMessages == 1;
}
