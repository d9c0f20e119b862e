using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Decodes the records of sound batches and holds them against what their batch's header says.</summary>
internal sealed class RecordsCheck(FindingSink sink) : IDisposable
{
    // What a batch may unpack to; Kafka's clients take no more than fetch.max.bytes, half of it, packed.
    private const int DecompressedBytesMax = 1024 * 1024 * 1024;

    private readonly PooledBufferWriter _scratch = new();

    /// <summary>The coordinator epoch of the batch last checked, when it ended a transaction; else -1.</summary>
    public int CoordinatorEpoch { get; private set; }

    /// <summary>What the control batch last checked says; null for data.</summary>
    public ControlRecordType? ControlType { get; private set; }

    public void OnBatch(BatchFileReader batches)
    {
        CoordinatorEpoch = -1;
        ControlType = null;
        string? problem;
        try
        {
            problem = FindProblem(new RecordBatchView(batches.Batch.Span));
        }
        catch (RecordFormatException exception)
        {
            problem = "the records cannot be decoded: " + exception.Message;
        }
        catch (NotSupportedException exception)
        {
            sink.Warning(batches.Path, batches.Position, "the records cannot be unpacked here: " + exception.Message);
            return;
        }
        if (problem is not null)
            sink.Error(batches.Path, batches.Position, problem);
    }

    public void Dispose() => _scratch.Dispose();

    private string? FindProblem(RecordBatchView batch)
    {
        RecordBatchHeader header = batch.Header;
        if ((header.Attributes & ~0x7F) != 0)
            return $"attributes {header.Attributes:x4} have bits that mean nothing";
        if (header.RecordsCount > (long)header.LastOffsetDelta + 1)
            return $"{header.RecordsCount} records in {header.LastOffsetDelta + 1L} offsets";
        int last = -1;
        long largest = RecordBatchHeader.NoTimestamp;
        foreach (RecordView record in batch.Records(_scratch, DecompressedBytesMax))
        {
            if (record.OffsetDelta <= last || record.OffsetDelta > header.LastOffsetDelta)
                return $"a record at offset delta {record.OffsetDelta} after {last}, in a batch that ends at {header.LastOffsetDelta}";
            last = record.OffsetDelta;
            largest = Math.Max(largest, record.TimestampMs);
            sink.Summary.RecordsCount++;
            if (header.IsControl && FindControlProblem(header, record) is { } problem)
                return problem;
        }
        // Compaction takes records out and leaves the last offset as it was; a whole batch has them all.
        return header.RecordsCount > 0 && header.TimestampType == TimestampType.CreateTime && largest > header.MaxTimestamp
            ? $"a record's timestamp is {largest}, the batch says at most {header.MaxTimestamp}"
            : null;
    }

    private string? FindControlProblem(in RecordBatchHeader header, in RecordView record)
    {
        if (!ControlRecord.TryReadKey(record.Key, out ControlRecordType type))
            return "a control record without a type";
        ControlType = type;
        if (type is not (ControlRecordType.Abort or ControlRecordType.Commit))
            return null;
        if (!header.HasProducerId || !header.IsTransactional)
            return "the end of a transaction of nobody";
        if (!ControlRecord.TryReadEndTransactionValue(record.Value, out int coordinatorEpoch))
            return "the end of a transaction without its coordinator's epoch";
        CoordinatorEpoch = coordinatorEpoch;
        return null;
    }
}
