namespace FastLog.Storage;

/// <summary>How a cleaning ended.</summary>
public enum CleanerOutcome
{
    /// <summary>Cleaned up to <see cref="CleanerRun.EndOffset"/>.</summary>
    Cleaned,

    /// <summary>There was nothing to clean.</summary>
    NothingToClean,

    /// <summary>The log was cut, deleted or closed on the way; what was cleaned before stays.</summary>
    LogChanged,
}

/// <summary>What one cleaning of one log did.</summary>
public readonly record struct CleanerRun
{
    /// <summary>How it ended.</summary>
    public CleanerOutcome Outcome { get; init; }

    /// <summary>Where the cleaning before had ended.</summary>
    public long FirstDirtyOffset { get; init; }

    /// <summary>Below it no key has two records now; the next cleaning goes on here.</summary>
    public long EndOffset { get; init; }

    /// <summary>Keys in the dirty part.</summary>
    public int KeysCount { get; init; }

    /// <summary>Segments before.</summary>
    public int SegmentsReadCount { get; init; }

    /// <summary>Segments in their place.</summary>
    public int SegmentsWrittenCount { get; init; }

    /// <summary>Bytes read, those of the dirty part twice.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes of the segments before.</summary>
    public long SizeBeforeBytes { get; init; }

    /// <summary>Bytes of the segments in their place.</summary>
    public long SizeAfterBytes { get; init; }

    /// <summary>How long it took, ms.</summary>
    public long DurationMs { get; init; }
}
