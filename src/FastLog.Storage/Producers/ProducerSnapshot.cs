using System.Buffers.Binary;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// The .snapshot file, version 1: every producer with its newest batch, as of the offset in the file's name. Its CRC
/// makes a torn one harmless, so it is written without ceremony; an older one and a replay take its place.
/// </summary>
internal static class ProducerSnapshot
{
    private const short Version = 1;
    private const int HeaderBytes = 10;
    private const int CrcEnd = 6;
    private const int EntryBytes = 46;

    public static byte[] Encode(ProducerStateTable table)
    {
        byte[] bytes = new byte[HeaderBytes + table.Count * EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(CrcEnd), table.Count);
        Span<byte> entry = bytes.AsSpan(HeaderBytes);
        foreach (ProducerState producer in table.Producers)
        {
            EncodeEntry(producer, entry);
            entry = entry[EntryBytes..];
        }
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(2), Crc32C.Compute(bytes.AsSpan(CrcEnd)));
        return bytes;
    }

    /// <summary>Fills the table; false (and an empty table) when the bytes are no whole snapshot.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, ProducerStateTable table)
    {
        table.Clear();
        if (bytes.Length < HeaderBytes
            || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version
            || BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]) != Crc32C.Compute(bytes[CrcEnd..])
            || BinaryPrimitives.ReadInt32BigEndian(bytes[CrcEnd..]) != (bytes.Length - HeaderBytes) / EntryBytes
            || (bytes.Length - HeaderBytes) % EntryBytes != 0)
            return false;
        for (ReadOnlySpan<byte> rest = bytes[HeaderBytes..]; !rest.IsEmpty; rest = rest[EntryBytes..])
            table.Restore(DecodeEntry(rest));
        return true;
    }

    private static void EncodeEntry(ProducerState producer, Span<byte> entry)
    {
        ProducerBatch newest = producer.Batches.Count > 0 ? producer.Batches.Newest : new ProducerBatch(-1, -1, 0, -1);
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], newest.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], newest.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], newest.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], producer.LastTimestampMs);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], producer.TransactionFirstOffset);
    }

    private static ProducerState DecodeEntry(ReadOnlySpan<byte> entry)
    {
        ProducerState producer = new(BinaryPrimitives.ReadInt64BigEndian(entry))
        {
            Epoch = BinaryPrimitives.ReadInt16BigEndian(entry[8..]),
            LastTimestampMs = BinaryPrimitives.ReadInt64BigEndian(entry[26..]),
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
            TransactionFirstOffset = BinaryPrimitives.ReadInt64BigEndian(entry[38..]),
        };
        int lastSequence = BinaryPrimitives.ReadInt32BigEndian(entry[10..]);
        long lastOffset = BinaryPrimitives.ReadInt64BigEndian(entry[14..]);
        int offsetDelta = BinaryPrimitives.ReadInt32BigEndian(entry[22..]);
        if (lastSequence >= 0 && lastOffset >= 0 && offsetDelta >= 0)
            producer.Batches.Add(new ProducerBatch(lastSequence, lastOffset, offsetDelta, producer.LastTimestampMs));
        return producer;
    }
}
