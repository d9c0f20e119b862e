namespace FastLog.Storage;

/// <summary>
/// Hears what happens to one log. Calls come from the appending thread or the flusher's; none may block or throw, and
/// none is made under the log's lock.
/// </summary>
public interface ILogListener
{
    /// <summary>The log end offset moved; the records may not be durable yet.</summary>
    void OnAppended(PartitionLog log, long logEndOffset);

    /// <summary>All below the offset is durable as far as flush.messages asks. Calls may come out of order: take the maximum.</summary>
    void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset);

    /// <summary>The directory went offline: nothing waiting on this log will ever be durable.</summary>
    void OnFailed(PartitionLog log, Exception failure);
}
