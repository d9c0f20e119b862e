namespace FastLog.Storage;

/// <summary>Whose directory it is, and how it is kept.</summary>
public sealed record LogDirectoryOptions
{
    /// <summary>cluster.id that meta.properties must name, or is written with when there is none.</summary>
    public required string ClusterId { get; init; }

    /// <summary>node.id that meta.properties must name, or is written with when there is none.</summary>
    public required int NodeId { get; init; }

    /// <summary>directory.id for a directory that has none yet; null makes a random one.</summary>
    public Guid? NewDirectoryId { get; init; }

    /// <summary>ms between the deletion of a log and of its files.</summary>
    public long FileDeleteDelayMs { get; init; } = 60000;

    /// <summary>producer.id.expiration.ms: older producers in snapshots are not loaded; ms.</summary>
    public long ProducerIdExpirationMs { get; init; } = 86400000;

    /// <summary>
    /// Size in bytes of the commit journal, by which one sync makes the records of many logs durable; 0 for none, which
    /// syncs file by file. See <see cref="CommitJournal"/>.
    /// </summary>
    public int CommitJournalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// The most files of segments to keep open, three to a segment; 0 takes half of what RLIMIT_NOFILE allows the process.
    /// Files in use stay open beyond it; idle ones with unsynced bytes are synced to be closed. Files are never mapped into memory.
    /// </summary>
    public int OpenFilesMax { get; init; }
}

/// <summary>A directory cannot be used: locked by another process, or another node's or cluster's.</summary>
public sealed class LogDirectoryException(string path, string problem) : IOException($"{path}: {problem}")
{
    /// <summary>The directory.</summary>
    public string Path { get; } = path;
}

/// <summary>A partition found in a directory.</summary>
/// <param name="Partition">Topic and number, from the directory's name.</param>
/// <param name="TopicId">From partition.metadata; null when there is none.</param>
public readonly record struct ExistingPartition(TopicPartition Partition, Guid? TopicId);
