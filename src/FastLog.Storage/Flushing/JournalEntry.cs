using System.Buffers.Binary;
using System.Text;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What an entry of the commit journal says.</summary>
internal enum JournalEntryKind : byte
{
    /// <summary>These bytes belong at this place of the log's newest segment.</summary>
    Data = 1,

    /// <summary>Whatever was said of this log before holds no more: it was cut, and all it kept is synced.</summary>
    Forget = 2,

    /// <summary>A half begins here, and was synced before it goes on: what it held before is void as a whole.</summary>
    Start = 3,
}

/// <summary>
/// One entry: which log, where in its newest segment, and the bytes. Sequence and generation tell entries of this round
/// of the file from what an earlier one left behind; the CRC tells whole ones from torn ones.
/// <code>magic 4 | crc 4 | generation 8 | sequence 8 | kind 1 | topic id 16 | segment base 8 | position 8 | name 2+n | data 4+n</code>
/// Big-endian; the CRC-32C is of all that follows it.
/// </summary>
internal readonly record struct JournalEntry(
    long Generation,
    long Sequence,
    JournalEntryKind Kind,
    Guid TopicId,
    long SegmentBaseOffset,
    long Position)
{
    public const int NameBytesMax = 255;

    private const uint Magic = 0x464C474A;
    private const int CrcEnd = 8;
    private const int NameAt = 57;
    private const int FixedBytes = NameAt + 2 + 4;

    /// <summary>The size in bytes of an entry.</summary>
    public static int SizeOf(int nameBytes, int dataBytes) => FixedBytes + nameBytes + dataBytes;

    /// <summary>Writes all of an entry but its data and CRC; the data goes into what is given back.</summary>
    public Span<byte> Begin(Span<byte> entry, ReadOnlySpan<char> name, int dataBytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(entry, Magic);
        BinaryPrimitives.WriteInt64BigEndian(entry[8..], Generation);
        BinaryPrimitives.WriteInt64BigEndian(entry[16..], Sequence);
        entry[24] = (byte)Kind;
        TopicId.TryWriteBytes(entry[25..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(entry[41..], SegmentBaseOffset);
        BinaryPrimitives.WriteInt64BigEndian(entry[49..], Position);
        int nameBytes = Encoding.UTF8.GetBytes(name, entry[(NameAt + 2)..]);
        BinaryPrimitives.WriteUInt16BigEndian(entry[NameAt..], (ushort)nameBytes);
        BinaryPrimitives.WriteInt32BigEndian(entry[(NameAt + 2 + nameBytes)..], dataBytes);
        return entry.Slice(FixedBytes + nameBytes, dataBytes);
    }

    /// <summary>Seals an entry whose data is in its place.</summary>
    public static void Complete(Span<byte> entry) =>
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], Crc32C.Compute(entry[CrcEnd..]));

    /// <summary>Reads the entry at the start of the bytes; false when there is no whole one.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes, out JournalEntry entry, out string name, out ReadOnlySpan<byte> data, out int sizeInBytes)
    {
        entry = default;
        name = "";
        data = default;
        sizeInBytes = 0;
        if (bytes.Length < FixedBytes || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Magic)
            return false;
        int nameBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[NameAt..]);
        if (nameBytes > NameBytesMax || bytes.Length < FixedBytes + nameBytes)
            return false;
        int dataBytes = BinaryPrimitives.ReadInt32BigEndian(bytes[(NameAt + 2 + nameBytes)..]);
        if (dataBytes < 0 || dataBytes > bytes.Length - FixedBytes - nameBytes)
            return false;
        sizeInBytes = SizeOf(nameBytes, dataBytes);
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) != Crc32C.Compute(bytes[CrcEnd..sizeInBytes]))
            return false;
        name = Encoding.UTF8.GetString(bytes.Slice(NameAt + 2, nameBytes));
        data = bytes.Slice(FixedBytes + nameBytes, dataBytes);
        entry = new JournalEntry(
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            (JournalEntryKind)bytes[24],
            new Guid(bytes.Slice(25, 16), bigEndian: true),
            BinaryPrimitives.ReadInt64BigEndian(bytes[41..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[49..]));
        return true;
    }
}
