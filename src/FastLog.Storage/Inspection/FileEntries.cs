namespace FastLog.Storage.Inspection;

/// <summary>An entry of an .index file.</summary>
/// <param name="Offset">Last offset of the append.</param>
/// <param name="Position">Where in the .log file the append starts.</param>
/// <param name="FilePosition">Where in the .index file the entry lies.</param>
public readonly record struct OffsetIndexEntry(long Offset, long Position, long FilePosition);

/// <summary>An entry of a .timeindex file.</summary>
/// <param name="TimestampMs">The largest timestamp so far, in ms.</param>
/// <param name="Offset">An offset of the batch that brought it, the last one as a rule.</param>
/// <param name="FilePosition">Where in the .timeindex file the entry lies.</param>
public readonly record struct TimeIndexEntry(long TimestampMs, long Offset, long FilePosition);

/// <summary>An entry of a .txnindex file: one aborted transaction.</summary>
/// <param name="Version">0.</param>
/// <param name="ProducerId">Whose it was.</param>
/// <param name="FirstOffset">Its first record.</param>
/// <param name="LastOffset">Its marker.</param>
/// <param name="LastStableOffset">The last stable offset once the marker was written.</param>
/// <param name="FilePosition">Where in the .txnindex file the entry lies.</param>
public readonly record struct TransactionIndexEntry(
    short Version, long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset, long FilePosition);

/// <summary>An entry of a .snapshot file: one producer with its newest batch.</summary>
/// <param name="ProducerId">The producer.</param>
/// <param name="ProducerEpoch">Its newest epoch.</param>
/// <param name="LastSequence">Sequence of its last record, -1 for none.</param>
/// <param name="LastOffset">Offset of its last record, -1 for none.</param>
/// <param name="OffsetDelta">Records of its last batch less one.</param>
/// <param name="TimestampMs">Timestamp in ms of its last batch, markers included.</param>
/// <param name="CoordinatorEpoch">Epoch of the coordinator that wrote the last marker, -1 for none.</param>
/// <param name="CurrentTransactionFirstOffset">First offset of its open transaction, -1 for none.</param>
/// <param name="FilePosition">Where in the .snapshot file the entry lies.</param>
public readonly record struct ProducerSnapshotEntry(
    long ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastOffset,
    int OffsetDelta,
    long TimestampMs,
    int CoordinatorEpoch,
    long CurrentTransactionFirstOffset,
    long FilePosition);

/// <summary>A file read whole: its entries, and what is wrong with its form.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="ReservedBytes">Zeros behind the last entry: space reserved for more.</param>
/// <param name="Problem">Why these cannot be all entries or the right ones; null when the form is right.</param>
/// <param name="ProblemPosition">Where in the file the problem lies.</param>
public sealed record EntryFileContent<TEntry>(
    IReadOnlyList<TEntry> Entries, long ReservedBytes, string? Problem = null, long ProblemPosition = -1);
