using System.Buffers.Binary;

namespace FastLog.Storage;

/// <summary>A transaction that a read_committed consumer must not be shown: what Fetch tells of it.</summary>
/// <param name="ProducerId">Whose transaction it was.</param>
/// <param name="FirstOffset">Its first offset; it ends with the producer's next ABORT marker.</param>
public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset);

/// <summary>One entry of a .txnindex file: an aborted transaction as of its marker.</summary>
/// <param name="ProducerId">Whose transaction it was.</param>
/// <param name="FirstOffset">Its first offset.</param>
/// <param name="LastOffset">Its marker's offset; entries rise by it.</param>
/// <param name="LastStableOffset">
/// The first offset of the oldest transaction still open when the marker was appended, the one after the marker if none
/// was: no later entry has a first offset below it.
/// </param>
internal readonly record struct AbortedTransactionEntry(
    long ProducerId, long FirstOffset, long LastOffset, long LastStableOffset)
{
    public const int SizeBytes = 34;

    private const short Version = 0;

    public void WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt64BigEndian(bytes[2..], ProducerId);
        BinaryPrimitives.WriteInt64BigEndian(bytes[10..], FirstOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[18..], LastOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes[26..], LastStableOffset);
    }

    /// <summary>False for bytes that no broker wrote.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AbortedTransactionEntry entry)
    {
        entry = new AbortedTransactionEntry(
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[18..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[26..]));
        return BinaryPrimitives.ReadInt16BigEndian(bytes) >= Version
            && entry.ProducerId >= 0
            && entry.FirstOffset >= 0
            && entry.FirstOffset <= entry.LastOffset
            && entry.LastStableOffset >= 0;
    }
}
