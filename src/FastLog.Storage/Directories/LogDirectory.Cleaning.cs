namespace FastLog.Storage;

/// <content>Compaction.</content>
public sealed partial class LogDirectory
{
    /// <summary>
    /// Compacts a log of this directory now, on the caller's thread, whether it is worth it or not. Everything else goes on
    /// meanwhile. Does nothing to a log that is being cleaned already.
    /// </summary>
    /// <param name="log">The log; its cleanup.policy is not asked for.</param>
    /// <param name="upperBoundOffset">The last stable offset: nothing at or beyond it is touched.</param>
    /// <param name="options">Memory and speed; null takes the defaults.</param>
    /// <exception cref="LogCorruptException">The log holds bytes that are no sound batches; it is as it was.</exception>
    /// <exception cref="DiskException">The disk is full, and the log is as it was; or the directory failed and is offline.</exception>
    public CleanerRun Clean(PartitionLog log, long upperBoundOffset, CleanerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        using LogCleaning cleaning = new(options ?? new CleanerOptions(), throttle: null);
        try
        {
            return cleaning.Run(log, upperBoundOffset, CancellationToken.None);
        }
        catch (DiskException failure) when (!failure.IsOutOfSpace)
        {
            Fail(failure);
            throw;
        }
    }

    long ILogHome.CleanedOffset(TopicPartition partition) => _cleanedOffsets[partition];

    void ILogHome.PersistCleanedOffset(TopicPartition partition, long offset) => _cleanedOffsets.Set(partition, offset);
}
