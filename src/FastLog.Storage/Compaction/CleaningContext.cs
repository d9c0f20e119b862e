using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What an active producer's last batch is known by; without it compaction would make the producer a new one.</summary>
/// <param name="LastDataOffset">Offset of its last record, -1 when only a marker is known of it.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
internal readonly record struct LastOfProducer(long LastDataOffset, short ProducerEpoch)
{
    public bool Matches(in RecordBatchHeader header) =>
        LastDataOffset >= 0
            ? header.LastOffset == LastDataOffset
            : header.IsControl && header.ProducerEpoch == ProducerEpoch;
}

/// <summary>What one cleaning of one log knows when it decides on a record.</summary>
/// <param name="Keys">The newest offset of each key, up to where the cleaning goes.</param>
/// <param name="Producers">The active producers' last batches, by producer id.</param>
/// <param name="NowMs">When the cleaning began.</param>
/// <param name="DeleteRetentionMs">delete.retention.ms.</param>
internal sealed record CleaningContext(
    KeyOffsetMap Keys, IReadOnlyDictionary<long, LastOfProducer> Producers, long NowMs, long DeleteRetentionMs)
{
    /// <summary>Whether a data record stays. Tombstones stay until the horizon that their first cleaning set.</summary>
    public bool Keeps(in RecordBatchHeader header, in RecordView record)
    {
        if (record.Offset > Keys.LatestOffset)
            return true;
        if (record.KeyIsNull || record.Offset < Keys.Get(record.Key))
            return false;
        return !record.ValueIsNull || !IsPastHorizon(header);
    }

    public bool IsPastHorizon(in RecordBatchHeader header) => header.HasDeleteHorizon && header.BaseTimestamp <= NowMs;

    public bool IsLastOfProducer(in RecordBatchHeader header) =>
        header.HasProducerId && Producers.TryGetValue(header.ProducerId, out LastOfProducer last) && last.Matches(header);
}
