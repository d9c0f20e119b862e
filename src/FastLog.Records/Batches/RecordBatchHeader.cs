using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Records;

/// <summary>
/// The 61 bytes in front of every record batch of magic 2, read into fields. Reading does not judge
/// them: <see cref="RecordBatchValidator"/> does. Offsets, deltas and counts are those of the bytes.
/// </summary>
public readonly partial record struct RecordBatchHeader
{
    /// <summary>Value of <see cref="ProducerId"/> without a producer id.</summary>
    public const long NoProducerId = -1;

    /// <summary>Value of <see cref="ProducerEpoch"/> without a producer id.</summary>
    public const short NoProducerEpoch = -1;

    /// <summary>Value of <see cref="BaseSequence"/> without a producer id, and in control batches.</summary>
    public const int NoSequence = -1;

    /// <summary>Value of <see cref="PartitionLeaderEpoch"/> before a leader appended the batch.</summary>
    public const int NoPartitionLeaderEpoch = -1;

    /// <summary>Value of <see cref="BaseTimestamp"/> and <see cref="MaxTimestamp"/> when there is none.</summary>
    public const long NoTimestamp = -1;

    /// <summary>Offset of the first record; a producer sends 0.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Bytes after the length field itself, that is all but the first 12.</summary>
    public int BatchLength { get; init; }

    /// <summary>Epoch of the leader that appended the batch; not covered by the CRC.</summary>
    public int PartitionLeaderEpoch { get; init; }

    /// <summary>Format version; 2 for all this type describes.</summary>
    public sbyte Magic { get; init; }

    /// <summary>CRC-32C over everything from the attributes to the end of the batch.</summary>
    public uint Crc { get; init; }

    /// <summary>The attribute bits; see the properties that name them.</summary>
    public short Attributes { get; init; }

    /// <summary>Offset of the last record, less the base offset. Compaction keeps it although the record may be gone.</summary>
    public int LastOffsetDelta { get; init; }

    /// <summary>What records' timestamp deltas count from, in ms; the delete horizon when <see cref="HasDeleteHorizon"/>.</summary>
    public long BaseTimestamp { get; init; }

    /// <summary>Largest timestamp of the records in ms, or the append time with <see cref="TimestampType.LogAppendTime"/>.</summary>
    public long MaxTimestamp { get; init; }

    /// <summary>Idempotent producer's id, or -1.</summary>
    public long ProducerId { get; init; }

    /// <summary>Idempotent producer's epoch, or -1.</summary>
    public short ProducerEpoch { get; init; }

    /// <summary>Sequence number of the first record, or -1.</summary>
    public int BaseSequence { get; init; }

    /// <summary>Number of records; 0 only in batches that compaction emptied.</summary>
    public int RecordsCount { get; init; }

    /// <summary>Bytes of the whole batch, header included. A long, so that a lying length cannot overflow.</summary>
    public long TotalSizeInBytes => (long)LogOverheadBytes + BatchLength;

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The offset after the last record's.</summary>
    public long NextOffset => LastOffset + 1;

    /// <summary>Sequence number of the last record, or -1; wraps from 2^31-1 to 0.</summary>
    public int LastSequence =>
        BaseSequence == NoSequence ? NoSequence : IncrementSequence(BaseSequence, LastOffsetDelta);

    /// <summary>How the records are packed; may be a value without a name (5 to 7) in bad input.</summary>
    public CompressionType CompressionType => (CompressionType)(Attributes & CompressionMask);

    /// <summary>Who set the timestamps.</summary>
    public TimestampType TimestampType =>
        (Attributes & TimestampTypeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    /// <summary>Part of a transaction.</summary>
    public bool IsTransactional => (Attributes & TransactionalBit) != 0;

    /// <summary>Holds a control record that no consumer is shown.</summary>
    public bool IsControl => (Attributes & ControlBit) != 0;

    /// <summary>The base timestamp is the time after which tombstones of this batch may go (KIP-534).</summary>
    public bool HasDeleteHorizon => (Attributes & DeleteHorizonBit) != 0;

    /// <summary>Written by an idempotent or transactional producer.</summary>
    public bool HasProducerId => ProducerId > NoProducerId;

    /// <summary>The sequence number <paramref name="increment"/> after <paramref name="sequence"/>, both at least 0; wraps from 2^31-1 to 0.</summary>
    public static int IncrementSequence(int sequence, int increment) => (int)(((long)sequence + increment) & int.MaxValue);

    /// <summary>The sequence number <paramref name="decrement"/> before <paramref name="sequence"/>, both at least 0; wraps from 0 to 2^31-1.</summary>
    public static int DecrementSequence(int sequence, int decrement) => (int)(((long)sequence - decrement) & int.MaxValue);

    /// <summary>Reads the fields; false when fewer than <see cref="SizeInBytes"/> bytes are there. Does not look at the magic.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out RecordBatchHeader header)
    {
        if (source.Length < SizeInBytes)
        {
            header = default;
            return false;
        }

        header = Read(source[..SizeInBytes]);
        return true;
    }

    /// <summary>Reads the fields; false when fewer than <see cref="SizeInBytes"/> bytes are there. Does not look at the magic.</summary>
    public static bool TryRead(in ReadOnlySequence<byte> source, out RecordBatchHeader header)
    {
        ReadOnlySpan<byte> first = source.FirstSpan;
        if (first.Length >= SizeInBytes)
        {
            header = Read(first[..SizeInBytes]);
            return true;
        }

        if (source.Length < SizeInBytes)
        {
            header = default;
            return false;
        }

        Span<byte> straddling = stackalloc byte[SizeInBytes];
        source.Slice(0, SizeInBytes).CopyTo(straddling);
        header = Read(straddling);
        return true;
    }

    private static RecordBatchHeader Read(ReadOnlySpan<byte> source) => new()
    {
        BaseOffset = BinaryPrimitives.ReadInt64BigEndian(source[BaseOffsetOffset..]),
        BatchLength = BinaryPrimitives.ReadInt32BigEndian(source[BatchLengthOffset..]),
        PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(source[PartitionLeaderEpochOffset..]),
        Magic = (sbyte)source[MagicOffset],
        Crc = BinaryPrimitives.ReadUInt32BigEndian(source[CrcOffset..]),
        Attributes = BinaryPrimitives.ReadInt16BigEndian(source[AttributesOffset..]),
        LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(source[LastOffsetDeltaOffset..]),
        BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(source[BaseTimestampOffset..]),
        MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(source[MaxTimestampOffset..]),
        ProducerId = BinaryPrimitives.ReadInt64BigEndian(source[ProducerIdOffset..]),
        ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(source[ProducerEpochOffset..]),
        BaseSequence = BinaryPrimitives.ReadInt32BigEndian(source[BaseSequenceOffset..]),
        RecordsCount = BinaryPrimitives.ReadInt32BigEndian(source[RecordsCountOffset..]),
    };
}
