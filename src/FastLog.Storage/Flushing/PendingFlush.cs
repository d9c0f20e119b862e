namespace FastLog.Storage;

/// <summary>What one log had written and not yet committed when the flusher came by.</summary>
internal struct PendingFlush
{
    public required PartitionLog Log { get; init; }

    /// <summary>The log's segments at that moment; the last one is where the bytes are.</summary>
    public required LogSegment[] Segments { get; init; }

    /// <summary>All below was synced in its file before.</summary>
    public required long SyncedEndOffset { get; init; }

    /// <summary>All below will be committed.</summary>
    public required long TargetOffset { get; init; }

    /// <summary>Where in the last segment the uncommitted bytes start.</summary>
    public required int FromPosition { get; init; }

    /// <summary>Where they end.</summary>
    public required int ToPosition { get; init; }

    /// <summary>How often the log had been cut; another number later means that these bytes may be others now.</summary>
    public required long CutsCount { get; init; }

    /// <summary>A segment was made or removed, whose name is to be synced too.</summary>
    public required bool DirectoryIsDirty { get; init; }

    /// <summary>The bytes are on the disk, in the journal or in their file.</summary>
    public bool IsCommitted { get; set; }

    public readonly int SizeInBytes => ToPosition - FromPosition;

    /// <summary>
    /// Whether an entry of the journal can stand for a sync: all that is new lies in the newest segment, whose name is
    /// known to survive a crash.
    /// </summary>
    public readonly bool FitsJournal(int dataBytesMax) =>
        !DirectoryIsDirty
        && SizeInBytes > 0
        && SizeInBytes <= dataBytesMax
        && (Segments.Length == 1 || Segments[^2].IsSealedAndSynced);
}
