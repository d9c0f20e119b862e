using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FastLog.Network;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>
/// One batch on its way: being filled under its partition's lock, then built, sent and answered by the sender of its
/// broker. Pooled: after its delivery was reported it is filled with other records.
/// </summary>
internal sealed class ProducerBatch : IDisposable
{
    private readonly RecordBatchBuilder _builder = new();
    private long[] _tokens = [];
    private ReadOnlyMemory<byte> _bytes;
    private SequenceAssignment _builtWith;

    public PartitionQueue? Partition { get; private set; }

    public IDeliveryHandler? Handler { get; private set; }

    /// <summary>The batch's place among those of its partition.</summary>
    public long Number { get; private set; }

    /// <summary>When its first record came, as a timestamp of the clock.</summary>
    public long OpenedAt { get; private set; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Bytes of buffer memory held for it.</summary>
    public long ReservedBytes { get; set; }

    /// <summary>Under which producer id and sequence number it is sent; none before the first time.</summary>
    public SequenceAssignment Assignment { get; set; }

    /// <summary>Next in a partition's queue.</summary>
    public ProducerBatch? Next { get; set; }

    /// <summary>Those who wait for the end of this batch.</summary>
    public List<FlushWait> Flushes { get; } = [];

    public int RecordsCount => _builder.RecordsCount;

    public int EstimatedSizeInBytes => _builder.EstimatedSizeInBytes;

    public ReadOnlySpan<long> Tokens => _tokens.AsSpan(0, RecordsCount);

    /// <summary>The size as built; 0 before.</summary>
    public int SizeInBytes => _bytes.Length;

    /// <summary>The built bytes, to be sent from where they lie.</summary>
    public MemoryRecords Records { get; } = new(ReadOnlyMemory<byte>.Empty);

    public void Open(
        PartitionQueue partition,
        IDeliveryHandler handler,
        long number,
        long openedAt,
        CompressionType compression,
        int sizeMaxBytes,
        in SequenceAssignment planned)
    {
        Invariant.Check(Partition is null, "a batch in use was opened");
        Partition = partition;
        Handler = handler;
        Number = number;
        OpenedAt = openedAt;
        Attempts = 0;
        Assignment = SequenceAssignment.None;
        _builtWith = planned;
        _builder.Begin(
            compression: compression,
            producerId: planned.ProducerId,
            producerEpoch: planned.ProducerEpoch,
            baseSequence: planned.BaseSequence,
            sizeMaxBytes: sizeMaxBytes);
    }

    /// <summary>Adds a record; false when the batch is full.</summary>
    public bool TryAppend(
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<RecordHeader> headers,
        long token)
    {
        int index = _builder.RecordsCount;
        if (!_builder.TryAppend(timestampMs, key, keyIsNull, value, valueIsNull, headers))
        {
            return false;
        }

        if (index == _tokens.Length)
        {
            GrowTokens();
        }

        _tokens[index] = token;
        return true;
    }

    /// <summary>Makes the bytes to send, with <see cref="Assignment"/> in their header.</summary>
    public void Build()
    {
        if (_bytes.IsEmpty)
        {
            _bytes = _builder.Build();
            Records.Set(new ReadOnlySequence<byte>(_bytes));
        }

        if (_builtWith != Assignment)
        {
            WriteAssignment(MemoryMarshal.AsMemory(_bytes).Span);
        }
    }

    /// <summary>Forgets everything but the buffers.</summary>
    public void Clear()
    {
        Invariant.Check(ReservedBytes == 0 && Flushes.Count == 0, "a batch was dropped while somebody counted on it");
        _builder.Reset();
        _bytes = default;
        Records.Set(ReadOnlySequence<byte>.Empty);
        Partition = null;
        Handler = null;
        Next = null;
    }

    public void Dispose() => _builder.Dispose();

    /// <summary>The batch was planned with another sequence number than it goes out with: before the producer id was
    /// there, or after a batch before it was given up.</summary>
    private void WriteAssignment(Span<byte> batch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.ProducerIdOffset..], Assignment.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.ProducerEpochOffset..], Assignment.ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.BaseSequenceOffset..], Assignment.BaseSequence);
        RecordBatchHeader.RecomputeCrc(batch);
        _builtWith = Assignment;
    }

    private void GrowTokens() => Array.Resize(ref _tokens, Math.Max(16, _tokens.Length * 2));
}

/// <summary>The producer id, epoch and first sequence number that a batch goes out with.</summary>
internal readonly record struct SequenceAssignment(long ProducerId, short ProducerEpoch, int BaseSequence)
{
    public static readonly SequenceAssignment None = new(
        RecordBatchHeader.NoProducerId, RecordBatchHeader.NoProducerEpoch, RecordBatchHeader.NoSequence);

    public bool IsAssigned => ProducerId != RecordBatchHeader.NoProducerId;

    public bool IsOfSameEpoch(in SequenceAssignment other) =>
        ProducerId == other.ProducerId && ProducerEpoch == other.ProducerEpoch;

    /// <summary>What follows a batch of so many records.</summary>
    public SequenceAssignment After(int recordsCount) =>
        this with { BaseSequence = RecordBatchHeader.IncrementSequence(BaseSequence, recordsCount) };
}
