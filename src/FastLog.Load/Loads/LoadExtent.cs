namespace FastLog.Load.Loads;

/// <summary>How much a load moves.</summary>
public sealed record LoadExtent
{
    /// <summary>It ends with so many records, over all clients ...</summary>
    public required long RecordsCount { get; init; }

    /// <summary>... or after so long, whichever comes first; null for no such bound.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Moved before the clock starts, so that both sides run compiled code.</summary>
    public long WarmupRecordsCount { get; init; }
}
