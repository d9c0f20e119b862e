using System.Buffers.Binary;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// The first block of the commit journal: which generation of entries counts, and how long each of the two halves is.
/// There are two places for it, a sector each, written in turn: a crash in the middle of one leaves the other.
/// </summary>
internal readonly record struct JournalHeader(long Generation, int HalfBytes)
{
    /// <summary>Where the first half starts.</summary>
    public const int BlockBytes = 4096;

    private const ulong Magic = 0x464C47434A524E4C;
    private const int SizeBytes = 24;
    private const int SectorBytes = 512;

    public void Write(IFile file)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Generation);
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], HalfBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[20..], Crc32C.Compute(bytes[..20]));
        file.Write(Generation % 2 * SectorBytes, bytes);
        file.FlushData();
    }

    /// <summary>The newest header; null when the file's making was not finished: no entry is in it then.</summary>
    /// <exception cref="LogCorruptException">Both are damaged.</exception>
    public static JournalHeader? Read(IFile file)
    {
        bool isWhole = TryRead(file, 0, out JournalHeader even, out bool isEvenBlank);
        bool isOddWhole = TryRead(file, SectorBytes, out JournalHeader odd, out bool isOddBlank);
        if (isWhole && isOddWhole)
            return even.Generation > odd.Generation ? even : odd;
        if (isWhole || isOddWhole)
            return isWhole ? even : odd;
        if (isEvenBlank || isOddBlank)
            return null;
        throw new LogCorruptException(file.Path, 0, "both headers are damaged, and acknowledged records may lie behind them");
    }

    private static bool TryRead(IFile file, long position, out JournalHeader header, out bool isBlank)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        int read = file.Read(position, bytes);
        header = new JournalHeader(BinaryPrimitives.ReadInt64BigEndian(bytes[8..]), BinaryPrimitives.ReadInt32BigEndian(bytes[16..]));
        isBlank = !bytes[..read].ContainsAnyExcept((byte)0);
        return read == SizeBytes
            && BinaryPrimitives.ReadUInt64BigEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]) == Crc32C.Compute(bytes[..20])
            && header.HalfBytes > 0;
    }
}
