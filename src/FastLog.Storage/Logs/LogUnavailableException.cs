namespace FastLog.Storage;

/// <summary>KAFKA_STORAGE_ERROR: the log was closed or deleted, or its directory is offline.</summary>
public sealed class LogUnavailableException(TopicPartition partition)
    : InvalidOperationException($"The log of {partition} is closed or its directory is offline.")
{
    /// <summary>The log.</summary>
    public TopicPartition Partition { get; } = partition;
}
