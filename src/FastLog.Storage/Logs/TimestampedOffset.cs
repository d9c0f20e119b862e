namespace FastLog.Storage;

/// <summary>A record found by time. <see cref="None"/> when there is none.</summary>
/// <param name="Offset">The record's offset, -1 for none.</param>
/// <param name="TimestampMs">The record's timestamp in ms, -1 for none.</param>
/// <param name="LeaderEpoch">The leader epoch of the record's batch, -1 for none.</param>
public readonly record struct TimestampedOffset(long Offset, long TimestampMs, int LeaderEpoch)
{
    /// <summary>No such record.</summary>
    public static TimestampedOffset None { get; } = new(-1, -1, -1);
}
