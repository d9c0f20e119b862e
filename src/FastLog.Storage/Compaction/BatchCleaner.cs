using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Makes of a batch what compaction leaves of it: the same bytes when all its records stay, else a new batch with the
/// offsets, timestamps and producer's fields of the old one, packed with its codec. Not for several threads at once.
/// </summary>
internal sealed class BatchCleaner : IDisposable
{
    /// <summary>What the records of one batch may unpack to; a client's batch was bound by the same when it came.</summary>
    public const int DecompressedSizeMaxBytes = 104857600;

    private readonly PooledBufferWriter _unpacked = new();
    private readonly RecordBatchBuilder _builder = new();
    private readonly List<bool> _keeps = [];
    private readonly byte[] _empty = new byte[RecordBatchHeader.SizeInBytes];

    /// <summary>Cleans one batch; batches come in offset order.</summary>
    /// <param name="batch">The batch, its CRC checked.</param>
    /// <param name="context">The cleaning.</param>
    /// <param name="transactions">The log's transactions up to this batch.</param>
    /// <param name="staysAnyhow">Keep the batch even if no record is left in it.</param>
    /// <returns>What to write, the batch itself if nothing changes, valid until the next call; empty for nothing.</returns>
    public ReadOnlySpan<byte> Clean(
        in RecordBatchView batch, CleaningContext context, CleanedTransactions transactions, bool staysAnyhow)
    {
        RecordBatchHeader header = batch.Header;
        bool isOfNoUse = header.IsControl
            ? transactions.OnControlBatch(header, EndMarker.Read(header, batch.RecordBytes))
            : transactions.OnDataBatch(header);
        if (header.BaseOffset > context.Keys.LatestOffset)
            return batch.Bytes;
        staysAnyhow |= context.IsLastOfProducer(header);
        bool dropsAll = isOfNoUse && (!header.IsControl || context.IsPastHorizon(header));
        bool setsHorizon = isOfNoUse && header.IsControl;
        int kept = dropsAll ? 0 : Decide(batch, context, ref setsHorizon);
        if (kept == 0)
            return staysAnyhow ? EmptyOf(batch) : default;
        setsHorizon &= !header.HasDeleteHorizon;
        if (kept == header.RecordsCount && !setsHorizon)
            return batch.Bytes;
        long? horizonMs = setsHorizon
            ? context.NowMs + Math.Min(context.DeleteRetentionMs, long.MaxValue - context.NowMs)
            : header.HasDeleteHorizon ? header.BaseTimestamp : null;
        return Rebuild(batch, horizonMs);
    }

    public void Dispose()
    {
        _unpacked.Dispose();
        _builder.Dispose();
    }

    /// <summary>Decides record by record; how many stay.</summary>
    private int Decide(in RecordBatchView batch, CleaningContext context, ref bool setsHorizon)
    {
        RecordBatchHeader header = batch.Header;
        _keeps.Clear();
        int kept = 0;
        foreach (RecordView record in batch.Records(_unpacked, DecompressedSizeMaxBytes))
        {
            bool keeps = header.IsControl || context.Keeps(header, record);
            _keeps.Add(keeps);
            if (!keeps)
                continue;
            kept++;
            setsHorizon |= record.ValueIsNull && !header.IsControl;
        }
        return kept;
    }

    private ReadOnlySpan<byte> EmptyOf(in RecordBatchView batch)
    {
        if (batch.Header.RecordsCount == 0)
            return batch.Bytes;
        batch.Header.WriteEmptyBatchTo(_empty);
        return _empty;
    }

    private ReadOnlySpan<byte> Rebuild(in RecordBatchView batch, long? horizonMs)
    {
        RecordBatchHeader header = batch.Header;
        _builder.Begin(
            baseOffset: header.BaseOffset,
            compression: header.CompressionType,
            timestampType: header.TimestampType,
            logAppendTimeMs: header.MaxTimestamp,
            producerId: header.ProducerId,
            producerEpoch: header.ProducerEpoch,
            baseSequence: header.BaseSequence,
            isTransactional: header.IsTransactional,
            isControl: header.IsControl,
            partitionLeaderEpoch: header.PartitionLeaderEpoch,
            deleteHorizonMs: horizonMs,
            lastOffsetDelta: header.LastOffsetDelta);
        // Unpacked by Decide already, if it had to be.
        RecordEnumerator records = new(header, batch.IsCompressed ? _unpacked.WrittenSpan : batch.RecordBytes);
        for (int i = 0; records.MoveNext(); i++)
        {
            if (_keeps[i])
                _builder.TryAppend(records.Current);
        }
        return _builder.Build().Span;
    }
}
