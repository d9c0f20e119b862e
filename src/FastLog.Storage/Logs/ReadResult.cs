namespace FastLog.Storage;

/// <summary>What a read found.</summary>
public enum ReadStatus
{
    /// <summary>A region of whole batches, or nothing to read below the upper bound.</summary>
    Ok,

    /// <summary>OFFSET_OUT_OF_RANGE: below the log's start or beyond its end.</summary>
    OutOfRange,

    /// <summary>CORRUPT_MESSAGE: what lies there is not a batch.</summary>
    Corrupt,

    /// <summary>KAFKA_STORAGE_ERROR: the directory is offline or the log was closed.</summary>
    StorageError,
}

/// <summary>
/// A region of a segment's file. Whoever gets one with <see cref="SizeInBytes"/> &gt; 0 disposes
/// <see cref="Lease"/> exactly once; the file stays open until then, whatever retention does.
/// </summary>
public readonly struct ReadResult
{
    /// <summary>What was found.</summary>
    public ReadStatus Status { get; init; }

    /// <summary>The file, held open; null when there are no bytes.</summary>
    public SegmentFile? Lease { get; init; }

    /// <summary>Where the first batch starts in the file.</summary>
    public long Position { get; init; }

    /// <summary>Bytes of whole batches; 0 when there is nothing to read.</summary>
    public int SizeInBytes { get; init; }

    /// <summary>
    /// The offset asked for when nothing was found, else the offset at which the first batch was looked up: the batch
    /// at <see cref="Position"/> contains the asked offset, or is the first one after it (compacted logs).
    /// </summary>
    public long Offset { get; init; }

    /// <summary>Where the next read goes on: all records below it are in the region. The asked offset when it is empty.</summary>
    public long NextOffset { get; init; }

    internal static ReadResult Empty(ReadStatus status, long offset) =>
        new() { Status = status, Offset = offset, NextOffset = offset };
}
