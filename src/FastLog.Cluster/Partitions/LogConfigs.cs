using FastLog.Cluster.Configs;
using FastLog.Records;
using FastLog.Storage;

namespace FastLog.Cluster;

/// <summary>A topic's settings in the words of storage.</summary>
internal static class LogConfigs
{
    public static LogConfig From(TopicSettings settings) => new()
    {
        SegmentBytes = settings.SegmentBytes,
        SegmentMs = settings.SegmentMs,
        SegmentJitterMs = settings.SegmentJitterMs,
        SegmentIndexBytes = settings.SegmentIndexBytes,
        IndexIntervalBytes = settings.IndexIntervalBytes,
        MaxMessageBytes = settings.MessageBytesMax,
        FlushMessages = settings.FlushMessages,
        FlushMs = settings.FlushMs,
        RetentionMs = settings.RetentionMs,
        RetentionBytes = settings.RetentionBytes,
        MessageTimestampType =
            settings.IsLogAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime,
        MessageTimestampBeforeMaxMs = settings.MessageTimestampBeforeMsMax,
        MessageTimestampAfterMaxMs = settings.MessageTimestampAfterMsMax,
        Preallocate = settings.Preallocate,
        FileDeleteDelayMs = settings.FileDeleteDelayMs,
        IsCompacted = settings.IsCompacted,
        IsDeleted = settings.IsDeleted,
        MinCleanableDirtyRatio = settings.CleanableDirtyRatioMin,
        MinCompactionLagMs = settings.CompactionLagMsMin,
        MaxCompactionLagMs = settings.CompactionLagMsMax,
        DeleteRetentionMs = settings.DeleteRetentionMs,
        CompressionGzipLevel = settings.CompressionGzipLevel,
        CompressionLz4Level = settings.CompressionLz4Level,
        CompressionZstdLevel = settings.CompressionZstdLevel,
        CompressionType = settings.Compression switch
        {
            TopicCompression.Producer => null,
            TopicCompression.Uncompressed => CompressionType.None,
            TopicCompression.Gzip => CompressionType.Gzip,
            TopicCompression.Snappy => CompressionType.Snappy,
            TopicCompression.Lz4 => CompressionType.Lz4,
            TopicCompression.Zstd => CompressionType.Zstd,
            _ => throw new InvalidOperationException($"Broken invariant: no codec is called {settings.Compression}"),
        },
    };
}
