using FastLog.Protocol;

namespace FastLog.Raft;

/// <summary>
/// Who keeps a state made of the metadata log's records. Called by one thread at a time, in the order of the log,
/// with each record once.
/// </summary>
public interface IMetadataListener
{
    /// <summary>What all records below an offset come to. Called first, and at most once.</summary>
    /// <param name="records">Records that make the same state.</param>
    /// <param name="endOffset">The first offset that they do not stand for.</param>
    /// <param name="epoch">The epoch of the last record that they stand for.</param>
    void OnSnapshot(IReadOnlyList<IMetadataRecord> records, long endOffset, int epoch);

    /// <summary>A record of before this start. What it leads to is wanted only at <see cref="OnReplayed"/>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="epoch">The epoch of its batch.</param>
    void OnReplay(IMetadataRecord record, long offset, int epoch);

    /// <summary>All records of before this start were given.</summary>
    void OnReplayed();

    /// <summary>One atomic batch is durable.</summary>
    /// <param name="records">Its records.</param>
    /// <param name="baseOffset">Offset of the first of them.</param>
    /// <param name="epoch">The epoch of the batch.</param>
    void OnCommitted(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch);
}
