namespace FastLog.Storage.Inspection;

/// <summary>What the directory around a partition tells about its log.</summary>
internal sealed record PartitionFacts
{
    /// <summary>The clean-shutdown marker is there: every file must be whole.</summary>
    public bool IsClean { get; init; }

    /// <summary>The partition lies in a log directory, so that the other facts are known.</summary>
    public bool HasHome { get; init; }

    /// <summary>Below it everything was synced.</summary>
    public long RecoveryPoint { get; init; }

    /// <summary>A journal lies beside the logs: after a crash, the next start completes what they miss from it.</summary>
    public bool HasJournal { get; init; }

    /// <summary>Where the log starts by its checkpoint, 0 when nothing was deleted.</summary>
    public long LogStart { get; init; }

    /// <summary>Compaction went up to here; -1 when it never saw this log.</summary>
    public long CleanedTo { get; init; } = -1;

    /// <summary>How bad it is when what lies from an offset on cannot be read.</summary>
    /// <param name="offset">The first offset concerned.</param>
    /// <param name="isTail">Nothing sound follows.</param>
    public FindingSeverity SeverityOfDamage(long offset, bool isTail) =>
        !IsClean && offset >= RecoveryPoint && (isTail || HasJournal) ? FindingSeverity.Warning : FindingSeverity.Error;

    /// <summary>How bad it is that offsets are missing below an offset: compaction makes holes, nothing else does.</summary>
    public FindingSeverity? SeverityOfHole(long end)
    {
        if (end <= CleanedTo)
            return null;
        // A cleaner's progress may have been lost in a crash, and a directory on its own does not tell it.
        return HasHome && CleanedTo < 0 ? FindingSeverity.Error : FindingSeverity.Warning;
    }
}
