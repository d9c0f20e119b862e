using FastLog.Protocol;
using FastLog.Records;
using FastLog.Storage;

namespace FastLog.Raft;

/// <summary>
/// Gives a snapshot's records, if the log needs one, and then every record of the log up to its end to a listener.
/// </summary>
internal sealed class MetadataReplay(PartitionLog log, IMetadataListener listener, MetadataSnapshot? snapshot = null)
{
    // One read covers thousands of records; a batch of any size is taken all the same.
    private const int ReadBytes = 1024 * 1024;
    private const int BatchBytesMax = 256 * 1024 * 1024;

    private readonly MetadataTransaction _transaction = new(listener);
    private byte[] _buffer = [];

    /// <summary>How many records were given or held back.</summary>
    public long RecordsCount { get; private set; }

    /// <summary>The voters last named by the snapshot or the log; null when neither does.</summary>
    public IReadOnlyList<int>? Voters { get; private set; } = snapshot?.Voters;

    /// <summary>Whether the log ends inside of a transaction, which has to be aborted before anything else.</summary>
    public bool EndsInTransaction => _transaction.IsOpen;

    /// <exception cref="RaftException">The log cannot be read, or holds what no controller writes.</exception>
    public void Run()
    {
        var from = snapshot?.EndOffset ?? 0;
        Invariant.Check(log.LogStartOffset <= from, "what the log does not have is in a snapshot");
        if (snapshot is not null)
        {
            listener.OnSnapshot(snapshot.Records, snapshot.EndOffset, snapshot.Epoch);
            RecordsCount += snapshot.Records.Count;
        }
        var end = log.LogEndOffset;
        for (var offset = from; offset < end;)
        {
            var region = log.Read(offset, ReadBytes, end, atLeastOneBatch: true);
            if (region.Status != ReadStatus.Ok || region.SizeInBytes == 0)
            {
                throw new RaftException($"{log.DirectoryPath}: offset {offset} cannot be read ({region.Status})");
            }
            ReplayBatches(Load(region, offset), offset);
            Invariant.Check(region.NextOffset > offset, "a read moves on");
            offset = region.NextOffset;
        }
    }

    private ReadOnlySpan<byte> Load(in ReadResult region, long offset)
    {
        Invariant.Check(region.Lease is not null, "bytes come with the file that holds them");
        using var lease = region.Lease;
        if (_buffer.Length < region.SizeInBytes)
        {
            _buffer = new byte[Math.Max(region.SizeInBytes, Math.Min(ReadBytes, log.SizeInBytes))];
        }
        var bytes = _buffer.AsSpan(0, region.SizeInBytes);
        var read = lease.File.Read(region.Position, bytes);
        return read == bytes.Length
            ? bytes
            : throw new RaftException($"{log.DirectoryPath}: only {read} bytes of {bytes.Length} at offset {offset}");
    }

    private void ReplayBatches(ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            using var scratch = new PooledBufferWriter();
            while (!bytes.IsEmpty)
            {
                var batch = new RecordBatchView(bytes);
                if (!batch.IsCrcValid)
                {
                    throw new RaftException($"{log.DirectoryPath}: the batch at {batch.Header.BaseOffset} has a wrong CRC");
                }
                if (batch.Header.IsControl)
                {
                    ReplayControl(batch, scratch);
                }
                else
                {
                    ReplayRecords(batch, scratch);
                }
                bytes = bytes[batch.Bytes.Length..];
            }
        }
        catch (Exception exception) when (exception is RecordFormatException or ProtocolException)
        {
            throw new RaftException($"{log.DirectoryPath}: a record after offset {offset}: {exception.Message}", exception);
        }
    }

    private void ReplayControl(RecordBatchView batch, PooledBufferWriter scratch)
    {
        foreach (var record in batch.Records(scratch, BatchBytesMax))
        {
            if (ControlRecord.TryReadKey(record.Key, out var type))
            {
                Voters = QuorumVoters.Read(type, record.Value.ToArray()) ?? Voters;
            }
        }
    }

    private void ReplayRecords(RecordBatchView batch, PooledBufferWriter scratch)
    {
        foreach (var record in batch.Records(scratch, BatchBytesMax))
        {
            // A read gives whole batches: the first one may begin with what the snapshot tells.
            if (record.Offset < snapshot?.EndOffset)
            {
                continue;
            }
            // The record keeps slices of these bytes, and the buffer is used again.
            var message = MetadataRecordSerde.Decode(record.Value.ToArray());
            _transaction.Replay(message, record.Offset, batch.Header.PartitionLeaderEpoch);
            RecordsCount++;
        }
    }
}
