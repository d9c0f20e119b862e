using System.Buffers.Binary;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// The first block of the commit journal: which entries count, and how long each of the two halves is. There are two
/// places for it, a sector each, written in turn: a crash in the middle of one leaves the other.
/// </summary>
/// <param name="Revision">Counts the headers written; the newest holds.</param>
/// <param name="Generation">Entries of another generation do not count.</param>
/// <param name="FirstSequence">Nor do those with a lower sequence: their half is being written anew.</param>
/// <param name="HalfBytes">The length of a half.</param>
internal readonly record struct JournalHeader(long Revision, long Generation, long FirstSequence, int HalfBytes)
{
    /// <summary>Where the first half starts.</summary>
    public const int BlockBytes = 4096;

    private const ulong Magic = 0x464C47434A524E4C;
    private const int SizeBytes = 40;
    private const int CrcAt = 36;
    private const int SectorBytes = 512;

    /// <summary>Whether an entry is one of those that a crash brings back.</summary>
    public bool Counts(in JournalEntry entry) => entry.Generation == Generation && entry.Sequence >= FirstSequence;

    public void Write(IFile file)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], Revision);
        BinaryPrimitives.WriteInt64BigEndian(bytes[16..], Generation);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], FirstSequence);
        BinaryPrimitives.WriteInt32BigEndian(bytes[32..], HalfBytes);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[CrcAt..], Crc32C.Compute(bytes[..CrcAt]));
        file.Write(Revision % 2 * SectorBytes, bytes);
        file.FlushData();
    }

    /// <summary>The newest header; null when the file's making was not finished: no entry is in it then.</summary>
    /// <exception cref="LogCorruptException">Both are damaged.</exception>
    public static JournalHeader? Read(IFile file)
    {
        bool isEvenWhole = TryRead(file, 0, out JournalHeader even, out bool isEvenBlank);
        bool isOddWhole = TryRead(file, SectorBytes, out JournalHeader odd, out bool isOddBlank);
        if (isEvenWhole && isOddWhole)
            return even.Revision > odd.Revision ? even : odd;
        if (isEvenWhole || isOddWhole)
            return isEvenWhole ? even : odd;
        if (isEvenBlank || isOddBlank)
            return null;
        throw new LogCorruptException(file.Path, 0, "both headers are damaged, and acknowledged records may lie behind them");
    }

    private static bool TryRead(IFile file, long position, out JournalHeader header, out bool isBlank)
    {
        Span<byte> bytes = stackalloc byte[SizeBytes];
        int read = file.Read(position, bytes);
        header = new JournalHeader(
            BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[32..]));
        isBlank = !bytes[..read].ContainsAnyExcept((byte)0);
        return read == SizeBytes
            && BinaryPrimitives.ReadUInt64BigEndian(bytes) == Magic
            && BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]) == Crc32C.Compute(bytes[..CrcAt])
            && header.HalfBytes > 0;
    }
}
