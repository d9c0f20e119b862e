namespace FastLog.Client;

/// <summary>Where in a partition to start reading.</summary>
public readonly record struct StartPosition
{
    private const long LatestTimestamp = -1;
    private const long EarliestTimestamp = -2;
    private const long MaxTimestampTimestamp = -3;

    private StartPosition(long? offset, long timestamp)
    {
        Offset = offset;
        ListOffsetsTimestamp = timestamp;
    }

    /// <summary>At the first record that is there.</summary>
    public static StartPosition Earliest => new(null, EarliestTimestamp);

    /// <summary>At the end: what comes from now on.</summary>
    public static StartPosition Latest => new(null, LatestTimestamp);

    /// <summary>At the record with the largest timestamp (KIP-734).</summary>
    public static StartPosition MaxTimestamp => new(null, MaxTimestampTimestamp);

    /// <summary>The offset, when the position is one; null when the broker has to be asked.</summary>
    public long? Offset { get; }

    /// <summary>What a ListOffsets request asks for, when no offset is given.</summary>
    internal long ListOffsetsTimestamp { get; }

    /// <summary>At an offset.</summary>
    public static StartPosition AtOffset(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new StartPosition(offset, LatestTimestamp);
    }

    /// <summary>At the first record from a time on, in ms since 1970; at the end when there is none.</summary>
    public static StartPosition AtTimestamp(long timestampMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timestampMs);
        return new StartPosition(null, timestampMs);
    }
}
