using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Coordination;

/// <summary>Who takes what a shard's log says.</summary>
public interface ICoordinatorReplay
{
    /// <summary>A record, in the order of the log.</summary>
    /// <param name="record">The record.</param>
    /// <param name="producerId">Whose transaction it belongs to, to be decided by its end; -1 for none.</param>
    void OnRecord(in CoordinatorRecord record, long producerId);

    /// <summary>A producer's transaction ended.</summary>
    /// <param name="producerId">The producer.</param>
    /// <param name="isCommitted">Whether what it wrote counts.</param>
    void OnTransactionEnd(long producerId, bool isCommitted);
}

/// <summary>Reads batches of <c>__consumer_offsets</c>, whoever wrote them.</summary>
public sealed class CoordinatorBatchReader : IDisposable
{
    // A batch of a coordinator is bounded by max.message.bytes; what it unpacks to is not, so this bounds it.
    private const int BatchBytesMax = 256 * 1024 * 1024;

    private readonly PooledBufferWriter _scratch = new();

    /// <summary>Records that could not be read or are of a type that is not known here, and were passed over.</summary>
    public long UnknownRecordsCount { get; private set; }

    /// <summary>Reads whole batches.</summary>
    /// <param name="bytes">The batches.</param>
    /// <param name="replay">Takes what they say.</param>
    /// <exception cref="RecordFormatException">A batch is damaged.</exception>
    /// <exception cref="ProtocolException">A record of a known type is malformed.</exception>
    public void Read(ReadOnlySpan<byte> bytes, ICoordinatorReplay replay)
    {
        ArgumentNullException.ThrowIfNull(replay);
        while (!bytes.IsEmpty)
        {
            var batch = new RecordBatchView(bytes);
            if (!batch.IsCrcValid)
            {
                throw new RecordFormatException($"the batch at {batch.Header.BaseOffset} has a wrong CRC");
            }

            // Compaction leaves batches without records behind.
            if (batch.Header.RecordsCount > 0)
            {
                Read(batch, replay);
            }

            bytes = bytes[batch.Bytes.Length..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();

    private void Read(RecordBatchView batch, ICoordinatorReplay replay)
    {
        var header = batch.Header;
        var producerId = header.IsTransactional ? header.ProducerId : -1;
        foreach (var record in batch.Records(_scratch, BatchBytesMax))
        {
            if (header.IsControl)
            {
                if (ControlRecord.TryReadKey(record.Key, out var type)
                    && type is ControlRecordType.Commit or ControlRecordType.Abort)
                {
                    replay.OnTransactionEnd(header.ProducerId, type == ControlRecordType.Commit);
                }
            }
            else if (!record.KeyIsNull
                // Messages keep slices of these bytes, and the buffers are used again.
                && CoordinatorRecords.Decode(
                    record.Key.ToArray(),
                    record.ValueIsNull ? default(ReadOnlyMemory<byte>?) : record.Value.ToArray()) is { } read)
            {
                replay.OnRecord(read, producerId);
            }
            else
            {
                UnknownRecordsCount++;
            }
        }
    }
}
