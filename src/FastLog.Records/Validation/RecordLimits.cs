namespace FastLog.Records;

/// <summary>What a topic asks of every single record.</summary>
public readonly record struct RecordLimits
{
    /// <summary>No limits.</summary>
    public static RecordLimits None { get; } = new() { TimestampMinMs = long.MinValue, TimestampMaxMs = long.MaxValue };

    /// <summary>Whether a record without a key is at fault: the topic is compacted.</summary>
    public bool RequiresKeys { get; init; }

    /// <summary>The smallest timestamp in ms that is taken; -1, which says that there is none, always is.</summary>
    public required long TimestampMinMs { get; init; }

    /// <summary>The largest timestamp in ms that is taken.</summary>
    public required long TimestampMaxMs { get; init; }

    /// <summary>Whether any record of a walked batch may be at fault. The smallest timestamp may be the one that is always
    /// taken and hide others, so that one is no exception here.</summary>
    internal bool MayBeExceeded(in BatchSummary summary) =>
        (RequiresKeys && summary.NullKeysCount > 0)
        || summary.MinTimestamp < TimestampMinMs
        || summary.MaxTimestamp > TimestampMaxMs;

    internal bool IsOutside(long timestampMs) =>
        (timestampMs < TimestampMinMs || timestampMs > TimestampMaxMs) && timestampMs != RecordBatchHeader.NoTimestamp;
}

/// <summary>What is wrong with a record that is sound as such.</summary>
public enum RecordFaultKind : byte
{
    /// <summary>It has no key.</summary>
    MissingKey,

    /// <summary>Its timestamp is outside the limits.</summary>
    TimestampOutOfRange,
}

/// <summary>A record beyond the limits.</summary>
/// <param name="RecordIndex">Its position among the batch's records.</param>
/// <param name="Kind">What is wrong; of several things the first.</param>
/// <param name="TimestampMs">Its timestamp.</param>
public readonly record struct RecordFault(int RecordIndex, RecordFaultKind Kind, long TimestampMs)
{
    /// <summary>So many of one batch are listed: what a batch unpacks to must not make an answer without bound.</summary>
    public const int ListedMax = 10_000;
}
