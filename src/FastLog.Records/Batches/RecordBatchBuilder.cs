namespace FastLog.Records;

/// <summary>
/// Builds batches of magic 2, one after another, into buffers it keeps. Life of one batch:
/// <see cref="Begin"/>, any number of appends, <see cref="Build"/>; <see cref="Begin"/> or
/// <see cref="Reset"/> ends the life of the bytes that <see cref="Build"/> gave. Not for several threads at once.
/// </summary>
public sealed partial class RecordBatchBuilder : IDisposable
{
    private readonly PooledBufferWriter _plain = new();
    private readonly PooledBufferWriter _packed = new();
    private RecordBatchHeader _header;
    private State _state;
    private int _sizeMaxBytes;
    private int _nextOffsetDelta;
    private bool _hasFixedBaseTimestamp;
    private bool _hasFixedLastOffset;

    private enum State : byte
    {
        Idle,
        Open,
        Built,
    }

    /// <summary>Records appended since <see cref="Begin"/>.</summary>
    public int RecordsCount => _header.RecordsCount;

    /// <summary>Size of the batch as it is now, before compression: the bound of what <see cref="Build"/> gives unless the records do not compress.</summary>
    public int EstimatedSizeInBytes => _plain.WrittenCount;

    /// <summary>Starts a batch and forgets the one before.</summary>
    /// <param name="baseOffset">Offset of the first record; producers send 0.</param>
    /// <param name="compression">How to pack the records; must be available.</param>
    /// <param name="timestampType">Who set the timestamps.</param>
    /// <param name="logAppendTimeMs">The append time; used with <see cref="TimestampType.LogAppendTime"/> only.</param>
    /// <param name="producerId">Idempotent producer's id, or -1.</param>
    /// <param name="producerEpoch">Its epoch, or -1.</param>
    /// <param name="baseSequence">Sequence number of the first record, or -1.</param>
    /// <param name="isTransactional">Part of a transaction.</param>
    /// <param name="isControl">Holds control records; they go in by <see cref="AppendControl"/>.</param>
    /// <param name="partitionLeaderEpoch">Epoch of the appending leader, or -1.</param>
    /// <param name="deleteHorizonMs">Base timestamp that is a delete horizon; compaction only (KIP-534).</param>
    /// <param name="lastOffsetDelta">Last offset delta to keep although its record may be gone; compaction only.</param>
    /// <param name="sizeMaxBytes">Size before compression at which TryAppend refuses, the first record excepted.</param>
    public void Begin(
        long baseOffset = 0,
        CompressionType compression = CompressionType.None,
        TimestampType timestampType = TimestampType.CreateTime,
        long logAppendTimeMs = RecordBatchHeader.NoTimestamp,
        long producerId = RecordBatchHeader.NoProducerId,
        short producerEpoch = RecordBatchHeader.NoProducerEpoch,
        int baseSequence = RecordBatchHeader.NoSequence,
        bool isTransactional = false,
        bool isControl = false,
        int partitionLeaderEpoch = RecordBatchHeader.NoPartitionLeaderEpoch,
        long? deleteHorizonMs = null,
        int? lastOffsetDelta = null,
        int sizeMaxBytes = int.MaxValue)
    {
        Reset();
        ArgumentOutOfRangeException.ThrowIfNegative(baseOffset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((int)compression, (int)CompressionType.Zstd, nameof(compression));
        int attributes = (int)compression
            | (timestampType == TimestampType.LogAppendTime ? RecordBatchHeader.TimestampTypeBit : 0)
            | (isTransactional ? RecordBatchHeader.TransactionalBit : 0)
            | (isControl ? RecordBatchHeader.ControlBit : 0)
            | (deleteHorizonMs is null ? 0 : RecordBatchHeader.DeleteHorizonBit);
        _header = new RecordBatchHeader
        {
            BaseOffset = baseOffset,
            PartitionLeaderEpoch = partitionLeaderEpoch,
            Magic = RecordBatchHeader.CurrentMagic,
            Attributes = (short)attributes,
            LastOffsetDelta = lastOffsetDelta ?? -1,
            BaseTimestamp = deleteHorizonMs ?? RecordBatchHeader.NoTimestamp,
            MaxTimestamp = timestampType == TimestampType.LogAppendTime ? logAppendTimeMs : RecordBatchHeader.NoTimestamp,
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            BaseSequence = baseSequence,
        };
        _hasFixedBaseTimestamp = deleteHorizonMs is not null;
        _hasFixedLastOffset = lastOffsetDelta is not null;
        _sizeMaxBytes = sizeMaxBytes;
        _nextOffsetDelta = 0;
        _plain.GetSpan(RecordBatchHeader.SizeInBytes);
        _plain.Advance(RecordBatchHeader.SizeInBytes);
        _state = State.Open;
    }

    /// <summary>
    /// Finishes the batch. The bytes are valid until the next <see cref="Begin"/>, <see cref="Reset"/> or
    /// <see cref="Dispose"/>. <see cref="InvalidOperationException"/> without records (compaction's empty
    /// batches come from <see cref="RecordBatchHeader.WriteEmptyBatchTo"/>).
    /// </summary>
    public ReadOnlyMemory<byte> Build()
    {
        Invariant.Check(_state == State.Open, "A batch is begun before it is built, and built once.");
        Invariant.Check(_header.RecordsCount > 0, "A batch has at least one record.");
        PooledBufferWriter batch = _plain;
        if (_header.CompressionType != CompressionType.None)
        {
            _packed.GetSpan(RecordBatchHeader.SizeInBytes);
            _packed.Advance(RecordBatchHeader.SizeInBytes);
            CompressionCodecs.For(_header.CompressionType)
                .Compress(_plain.WrittenSpan[RecordBatchHeader.SizeInBytes..], _packed);
            batch = _packed;
        }

        _header = _header with { BatchLength = batch.WrittenCount - RecordBatchHeader.LogOverheadBytes };
        _header.WriteTo(batch.WrittenSpan);
        RecordBatchHeader.RecomputeCrc(batch.WrittenSpan);
        _state = State.Built;
        return batch.WrittenMemory;
    }

    /// <summary>Forgets the batch and keeps the buffers.</summary>
    public void Reset()
    {
        _plain.Clear();
        _packed.Clear();
        _header = default;
        _state = State.Idle;
    }

    /// <summary>Gives the buffers back to the pool; the builder cannot be used after.</summary>
    public void Dispose()
    {
        Reset();
        _plain.Dispose();
        _packed.Dispose();
    }
}
