using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FastLog.Interop.Wire;

/// <summary>Who produces a batch, for idempotent producers.</summary>
/// <param name="Id">Producer id, -1 for none.</param>
/// <param name="Epoch">Producer epoch, -1 for none.</param>
/// <param name="BaseSequence">Sequence of the batch's first record, -1 for none.</param>
internal readonly record struct WireProducer(long Id, short Epoch, int BaseSequence)
{
    /// <summary>A producer without an id.</summary>
    public static WireProducer None => new(-1, -1, -1);
}

/// <summary>A record as it was found in a log.</summary>
internal readonly record struct WireRecord(long Offset, string? Value, string? Key = null);

/// <summary>Record batches, magic 2, uncompressed: put together and taken apart on this project's own.</summary>
internal static class WireBatch
{
    /// <summary>Bytes of a batch's header.</summary>
    public const int HeaderBytes = 61;

    /// <summary>Where the CRC lies; it covers everything from <see cref="AttributesAt"/> on.</summary>
    public const int CrcAt = 17;

    /// <summary>Where the attributes lie.</summary>
    public const int AttributesAt = 21;

    /// <summary>Where the number of records lies.</summary>
    public const int RecordsCountAt = 57;

    private const int DeleteHorizonBit = 0x40;
    private const int LengthAt = 8;
    private const int MagicAt = 16;

    /// <summary>A batch of records, one per value.</summary>
    /// <param name="values">The values.</param>
    /// <param name="timestampMs">The timestamp of all.</param>
    /// <param name="producer">Who sends.</param>
    /// <param name="keyOf">The key of a value; null for records without keys.</param>
    public static byte[] Encode(
        IReadOnlyList<string> values, long timestampMs, WireProducer producer, Func<string, string>? keyOf = null)
    {
        var records = new WireWriter();
        for (int index = 0; index < values.Count; index++)
        {
            byte[] value = Encoding.UTF8.GetBytes(values[index]);
            byte[]? key = keyOf is null ? null : Encoding.UTF8.GetBytes(keyOf(values[index]));
            byte[] record = new WireWriter().Int8(0).Varint(0).Varint(index).Varint(key?.Length ?? -1).Raw(key ?? [])
                .Varint(value.Length).Raw(value).Varint(0).ToArray();
            records.Varint(record.Length).Raw(record);
        }

        byte[] body = records.ToArray();
        byte[] batch = new WireWriter()
            .Int64(0).Int32(HeaderBytes - 12 + body.Length).Int32(-1).Int8(2).Int32(0)
            .Int16(0).Int32(values.Count - 1).Int64(timestampMs).Int64(timestampMs)
            .Int64(producer.Id).Int16(producer.Epoch).Int32(producer.BaseSequence).Int32(values.Count)
            .Raw(body).ToArray();
        Seal(batch);
        return batch;
    }

    /// <summary>Writes the CRC that fits the batch's bytes.</summary>
    public static void Seal(Span<byte> batch) =>
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], Crc(batch[AttributesAt..]));

    /// <summary>
    /// Adds every record of the whole batches in <paramref name="bytes"/> to <paramref name="records"/>. A partial batch
    /// at the end, as a fetch may give, is left out; anything else that is not right throws.
    /// </summary>
    /// <param name="bytes">What a fetch gave.</param>
    /// <param name="records">Takes the records.</param>
    /// <param name="isCompacted">Whether compaction may have taken records away; then batches may have gaps.</param>
    /// <returns>The offset behind the last whole batch, -1 without one.</returns>
    public static long Decode(ReadOnlySpan<byte> bytes, ICollection<WireRecord> records, bool isCompacted = false)
    {
        long next = -1;
        while (TryTakeBatch(ref bytes, out ReadOnlySpan<byte> batch))
        {
            next = DecodeOne(batch, records, isCompacted);
        }

        return next;
    }

    /// <summary>The number of the codec of every whole batch.</summary>
    public static IReadOnlyList<int> Codecs(ReadOnlySpan<byte> bytes)
    {
        var codecs = new List<int>();
        while (TryTakeBatch(ref bytes, out ReadOnlySpan<byte> batch))
        {
            codecs.Add(BinaryPrimitives.ReadInt16BigEndian(batch[AttributesAt..]) & 7);
        }

        return codecs;
    }

    private static bool TryTakeBatch(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> batch)
    {
        batch = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        int size = 12 + BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]);
        if (size < HeaderBytes)
        {
            throw new InvalidDataException($"A batch says that it is {size} bytes long.");
        }

        if (size > bytes.Length)
        {
            return false;
        }

        batch = bytes[..size];
        bytes = bytes[size..];
        return true;
    }

    private static long DecodeOne(ReadOnlySpan<byte> batch, ICollection<WireRecord> records, bool isCompacted)
    {
        long baseOffset = BinaryPrimitives.ReadInt64BigEndian(batch);
        Require(batch[MagicAt] == 2, baseOffset, $"magic is {batch[MagicAt]}");
        Require(BinaryPrimitives.ReadUInt32BigEndian(batch[CrcAt..]) == Crc(batch[AttributesAt..]), baseOffset, "the CRC is wrong");
        var reader = new WireReader(batch[AttributesAt..]);
        Require((reader.Int16() & ~(isCompacted ? DeleteHorizonBit : 0)) == 0, baseOffset, "attributes nobody sent");
        int lastOffsetDelta = reader.Int32();
        reader.Raw(30);
        int count = reader.Int32();
        Require(count == lastOffsetDelta + 1 || (isCompacted && count <= lastOffsetDelta), baseOffset, $"{count} records up to delta {lastOffsetDelta}");
        for (int index = 0; index < count; index++)
        {
            var record = new WireReader(reader.Raw((int)reader.Varint()));
            record.Int8();
            record.Varint();
            long delta = record.Varint();
            Require(delta == index || (isCompacted && delta > index && delta <= lastOffsetDelta), baseOffset, $"record {index} has another delta");
            int keyBytes = (int)record.Varint();
            string? key = keyBytes < 0 ? null : Encoding.UTF8.GetString(record.Raw(keyBytes));
            int valueBytes = (int)record.Varint();
            string? value = valueBytes < 0 ? null : Encoding.UTF8.GetString(record.Raw(valueBytes));
            Require(record.Varint() == 0 && record.Remaining == 0, baseOffset, $"record {index} goes on behind its end");
            records.Add(new WireRecord(baseOffset + delta, value, key));
        }

        Require(reader.Remaining == 0, baseOffset, "bytes behind the last record");
        return baseOffset + lastOffsetDelta + 1;
    }

    private static void Require(bool holds, long baseOffset, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Batch at offset {baseOffset}: {otherwise}.");
        }
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
