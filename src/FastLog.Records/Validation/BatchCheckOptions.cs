namespace FastLog.Records;

/// <summary>Which records <see cref="RecordBatchValidator"/> looks at.</summary>
public enum RecordWalk : byte
{
    /// <summary>None: header and CRC only.</summary>
    None,

    /// <summary>Those of batches that are not compressed.</summary>
    PlainOnly,

    /// <summary>All, unpacking compressed ones.</summary>
    All,
}

/// <summary>How strictly to check a batch. Start from <see cref="Client"/> or <see cref="Replicated"/>.</summary>
public sealed record BatchCheckOptions
{
    /// <summary>
    /// For batches fresh from a producer: last offset delta is count - 1, offset deltas are 0, 1, 2, ...,
    /// every record is walked.
    /// </summary>
    public static BatchCheckOptions Client { get; } = new();

    /// <summary>For batches from a leader or from disk, which compaction may have thinned; header and CRC only.</summary>
    public static BatchCheckOptions Replicated { get; } = new() { RequiresContiguousOffsets = false, Walk = RecordWalk.None };

    /// <summary>
    /// Whether offset deltas must be 0 to count - 1. If not, they must grow and stay within the last offset
    /// delta, and the batch may be empty.
    /// </summary>
    public bool RequiresContiguousOffsets { get; init; } = true;

    /// <summary>
    /// Whether offset deltas of a compressed batch that are not 0 to count - 1 are only reported
    /// (<see cref="BatchSummary.IsMisnumbered"/>): some old clients leave them to the broker, which packs such a batch anew.
    /// </summary>
    public bool ToleratesMisnumbered { get; init; }

    /// <summary>Whether to compute the CRC; false where it was checked just before.</summary>
    public bool ChecksCrc { get; init; } = true;

    /// <summary>Which records to walk.</summary>
    public RecordWalk Walk { get; init; } = RecordWalk.All;

    /// <summary>
    /// Most bytes the records of one batch may unpack to. The default is Kafka's request size limit: a
    /// batch larger than that could not have been sent plain.
    /// </summary>
    public int DecompressedSizeMaxBytes { get; init; } = 104857600;
}
