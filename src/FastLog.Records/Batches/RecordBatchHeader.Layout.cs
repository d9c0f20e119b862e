using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Records;

/// <content>Where the fields lie, and changing them in place.</content>
public readonly partial record struct RecordBatchHeader
{
    /// <summary>Size of a header; also the size of an empty batch.</summary>
    public const int SizeInBytes = 61;

    /// <summary>Bytes that <see cref="BatchLength"/> does not count: base offset and the length itself.</summary>
    public const int LogOverheadBytes = 12;

    /// <summary>Bytes needed to tell the magic, in every format version.</summary>
    public const int MagicPrefixBytes = MagicOffset + 1;

    /// <summary>The magic that this room reads and writes.</summary>
    public const sbyte CurrentMagic = 2;

    /// <summary>Offset of the i64 base offset.</summary>
    public const int BaseOffsetOffset = 0;

    /// <summary>Offset of the i32 batch length.</summary>
    public const int BatchLengthOffset = 8;

    /// <summary>Offset of the i32 partition leader epoch.</summary>
    public const int PartitionLeaderEpochOffset = 12;

    /// <summary>Offset of the i8 magic; the same in all format versions.</summary>
    public const int MagicOffset = 16;

    /// <summary>Offset of the u32 CRC.</summary>
    public const int CrcOffset = 17;

    /// <summary>Offset of the i16 attributes; the CRC covers the batch from here on.</summary>
    public const int AttributesOffset = 21;

    /// <summary>Offset of the i32 last offset delta.</summary>
    public const int LastOffsetDeltaOffset = 23;

    /// <summary>Offset of the i64 base timestamp.</summary>
    public const int BaseTimestampOffset = 27;

    /// <summary>Offset of the i64 max timestamp.</summary>
    public const int MaxTimestampOffset = 35;

    /// <summary>Offset of the i64 producer id.</summary>
    public const int ProducerIdOffset = 43;

    /// <summary>Offset of the i16 producer epoch.</summary>
    public const int ProducerEpochOffset = 51;

    /// <summary>Offset of the i32 base sequence.</summary>
    public const int BaseSequenceOffset = 53;

    /// <summary>Offset of the i32 records count.</summary>
    public const int RecordsCountOffset = 57;

    /// <summary>Attribute bits that hold the <see cref="Records.CompressionType"/>.</summary>
    public const short CompressionMask = 0x07;

    /// <summary>Attribute bit of <see cref="TimestampType.LogAppendTime"/>.</summary>
    public const short TimestampTypeBit = 0x08;

    /// <summary>Attribute bit of a transactional batch.</summary>
    public const short TransactionalBit = 0x10;

    /// <summary>Attribute bit of a control batch.</summary>
    public const short ControlBit = 0x20;

    /// <summary>Attribute bit of a base timestamp that is a delete horizon.</summary>
    public const short DeleteHorizonBit = 0x40;

    /// <summary>Reads the magic of a batch or legacy message of any version; false when fewer than 17 bytes are there.</summary>
    public static bool TryReadMagic(ReadOnlySpan<byte> source, out sbyte magic)
    {
        bool there = source.Length >= MagicPrefixBytes;
        magic = there ? (sbyte)source[MagicOffset] : default;
        return there;
    }

    /// <summary>
    /// Reads base offset and whole size of a batch or legacy message of any version; false when fewer
    /// than 12 bytes are there. The size is not judged: it may be negative or absurd.
    /// </summary>
    public static bool TryReadOverhead(ReadOnlySpan<byte> source, out long baseOffset, out long totalSizeInBytes)
    {
        if (source.Length < LogOverheadBytes)
        {
            baseOffset = 0;
            totalSizeInBytes = 0;
            return false;
        }

        baseOffset = BinaryPrimitives.ReadInt64BigEndian(source);
        totalSizeInBytes = (long)LogOverheadBytes + BinaryPrimitives.ReadInt32BigEndian(source[BatchLengthOffset..]);
        return true;
    }

    /// <summary>Sets the base offset in place; the CRC does not cover it.</summary>
    public static void WriteBaseOffset(Span<byte> header, long baseOffset) =>
        BinaryPrimitives.WriteInt64BigEndian(header[BaseOffsetOffset..], baseOffset);

    /// <summary>Sets the partition leader epoch in place; the CRC does not cover it.</summary>
    public static void WritePartitionLeaderEpoch(Span<byte> header, int leaderEpoch) =>
        BinaryPrimitives.WriteInt32BigEndian(header[PartitionLeaderEpochOffset..], leaderEpoch);

    /// <summary>Sets the stored CRC in place.</summary>
    public static void WriteCrc(Span<byte> header, uint crc) =>
        BinaryPrimitives.WriteUInt32BigEndian(header[CrcOffset..], crc);

    /// <summary>
    /// Sets max timestamp and timestamp type in place. The CRC covers both: follow with
    /// <see cref="RecomputeCrc(Span{byte})"/> or <see cref="RecomputeCrc(Span{byte}, in ReadOnlySequence{byte})"/>.
    /// </summary>
    public static void WriteMaxTimestampAndType(Span<byte> header, long maxTimestampMs, TimestampType timestampType)
    {
        short attributes = BinaryPrimitives.ReadInt16BigEndian(header[AttributesOffset..]);
        attributes = timestampType == TimestampType.LogAppendTime
            ? (short)(attributes | TimestampTypeBit)
            : (short)(attributes & ~TimestampTypeBit);
        BinaryPrimitives.WriteInt16BigEndian(header[AttributesOffset..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(header[MaxTimestampOffset..], maxTimestampMs);
    }

    /// <summary>Computes and stores the CRC of a whole batch that lies in one piece; returns it.</summary>
    public static uint RecomputeCrc(Span<byte> batch)
    {
        uint crc = Crc32C.Compute(batch[AttributesOffset..]);
        WriteCrc(batch, crc);
        return crc;
    }

    /// <summary>
    /// Computes and stores the CRC of a batch whose 61 header bytes were copied away from its records;
    /// returns it. <paramref name="records"/> is what follows the header.
    /// </summary>
    public static uint RecomputeCrc(Span<byte> header, in ReadOnlySequence<byte> records)
    {
        uint crc = Crc32C.Append(Crc32C.Compute(header[AttributesOffset..SizeInBytes]), records);
        WriteCrc(header, crc);
        return crc;
    }

    /// <summary>Writes all fields, <see cref="Crc"/> and <see cref="BatchLength"/> included as they stand; needs 61 bytes.</summary>
    public void WriteTo(Span<byte> destination)
    {
        Span<byte> header = destination[..SizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(header[BaseOffsetOffset..], BaseOffset);
        BinaryPrimitives.WriteInt32BigEndian(header[BatchLengthOffset..], BatchLength);
        BinaryPrimitives.WriteInt32BigEndian(header[PartitionLeaderEpochOffset..], PartitionLeaderEpoch);
        header[MagicOffset] = (byte)Magic;
        BinaryPrimitives.WriteUInt32BigEndian(header[CrcOffset..], Crc);
        BinaryPrimitives.WriteInt16BigEndian(header[AttributesOffset..], Attributes);
        BinaryPrimitives.WriteInt32BigEndian(header[LastOffsetDeltaOffset..], LastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(header[BaseTimestampOffset..], BaseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[MaxTimestampOffset..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[ProducerIdOffset..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(header[ProducerEpochOffset..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(header[BaseSequenceOffset..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(header[RecordsCountOffset..], RecordsCount);
    }

    /// <summary>
    /// Writes what compaction leaves of a batch none of whose records stays, but whose offsets or
    /// sequence numbers must: 61 bytes with a valid CRC, offsets, producer and max timestamp kept.
    /// </summary>
    public void WriteEmptyBatchTo(Span<byte> destination)
    {
        RecordBatchHeader empty = this with
        {
            BatchLength = SizeInBytes - LogOverheadBytes,
            Magic = CurrentMagic,
            Attributes = (short)(Attributes & ~(CompressionMask | DeleteHorizonBit)),
            BaseTimestamp = NoTimestamp,
            RecordsCount = 0,
        };
        empty.WriteTo(destination);
        RecomputeCrc(destination[..SizeInBytes]);
    }
}
