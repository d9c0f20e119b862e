using System.Buffers.Binary;
using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Reads the binary files beside a segment's .log, by their bytes alone and without changing them.</summary>
public static class EntryFileReader
{
    private const int OffsetEntryBytes = 8;
    private const int TimeEntryBytes = 12;
    private const int AbortedEntryBytes = 34;
    private const int SnapshotHeaderBytes = 10;
    private const int SnapshotCrcEnd = 6;
    private const int SnapshotEntryBytes = 46;
    private const short SnapshotVersion = 1;

    private delegate TEntry Decode<TEntry>(ReadOnlySpan<byte> bytes, long position);

    /// <summary>Reads an .index file.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="baseOffset">The segment's base offset, which entries count from.</param>
    /// <exception cref="DiskException">The file cannot be read.</exception>
    public static EntryFileContent<OffsetIndexEntry> ReadOffsetIndex(IFileSystem files, string path, long baseOffset) =>
        Read(files, path, OffsetEntryBytes, mayHaveReserve: true, (bytes, position) => new OffsetIndexEntry(
            baseOffset + BinaryPrimitives.ReadUInt32BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), position));

    /// <summary>Reads a .timeindex file.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <param name="baseOffset">The segment's base offset, which entries count from.</param>
    /// <exception cref="DiskException">The file cannot be read.</exception>
    public static EntryFileContent<TimeIndexEntry> ReadTimeIndex(IFileSystem files, string path, long baseOffset) =>
        Read(files, path, TimeEntryBytes, mayHaveReserve: true, (bytes, position) => new TimeIndexEntry(
            BinaryPrimitives.ReadInt64BigEndian(bytes), baseOffset + BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]), position));

    /// <summary>Reads a .txnindex file.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="DiskException">The file cannot be read.</exception>
    public static EntryFileContent<TransactionIndexEntry> ReadTransactionIndex(IFileSystem files, string path) =>
        Read(files, path, AbortedEntryBytes, mayHaveReserve: false, (bytes, position) => new TransactionIndexEntry(
            BinaryPrimitives.ReadInt16BigEndian(bytes),
            BinaryPrimitives.ReadInt64BigEndian(bytes[2..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[10..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[18..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[26..]),
            position));

    /// <summary>Reads a .snapshot file. The entries are those of the bytes, also when the CRC is wrong.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="DiskException">The file cannot be read.</exception>
    public static EntryFileContent<ProducerSnapshotEntry> ReadProducerSnapshot(IFileSystem files, string path)
    {
        byte[] bytes = AtomicFile.ReadBytes(files, path) ?? [];
        if (bytes.Length < SnapshotHeaderBytes)
            return new EntryFileContent<ProducerSnapshotEntry>([], 0, $"{bytes.Length} bytes are no producer snapshot", 0);
        List<ProducerSnapshotEntry> entries = [];
        for (int at = SnapshotHeaderBytes; at + SnapshotEntryBytes <= bytes.Length; at += SnapshotEntryBytes)
            entries.Add(DecodeProducer(bytes.AsSpan(at), at));
        (string? problem, long position) = FindSnapshotProblem(bytes, entries.Count);
        return new EntryFileContent<ProducerSnapshotEntry>(entries, 0, problem, position);
    }

    private static (string? Problem, long Position) FindSnapshotProblem(byte[] bytes, int entriesCount)
    {
        short version = BinaryPrimitives.ReadInt16BigEndian(bytes);
        if (version != SnapshotVersion)
            return ($"version {version} where {SnapshotVersion} was due", 0);
        uint stored = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(2));
        uint computed = Crc32C.Compute(bytes.AsSpan(SnapshotCrcEnd));
        if (stored != computed)
            return ($"the CRC is {stored:x8}, that of the bytes {computed:x8}", 2);
        int count = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(SnapshotCrcEnd));
        bool fits = count == entriesCount && bytes.Length == SnapshotHeaderBytes + (long)count * SnapshotEntryBytes;
        return fits ? (null, -1) : ($"{count} producers announced in {bytes.Length} bytes", SnapshotCrcEnd);
    }

    private static ProducerSnapshotEntry DecodeProducer(ReadOnlySpan<byte> bytes, long position) => new(
        BinaryPrimitives.ReadInt64BigEndian(bytes),
        BinaryPrimitives.ReadInt16BigEndian(bytes[8..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[10..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[14..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[22..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[26..]),
        BinaryPrimitives.ReadInt32BigEndian(bytes[34..]),
        BinaryPrimitives.ReadInt64BigEndian(bytes[38..]),
        position);

    private static EntryFileContent<TEntry> Read<TEntry>(
        IFileSystem files, string path, int entryBytes, bool mayHaveReserve, Decode<TEntry> decode)
    {
        ArgumentNullException.ThrowIfNull(files);
        byte[] bytes = AtomicFile.ReadBytes(files, path) ?? [];
        int used = bytes.Length;
        if (mayHaveReserve)
        {
            // No entry but a first one can be all zeros, and that one tells nothing.
            int lastNotZero = bytes.AsSpan().LastIndexOfAnyExcept((byte)0);
            used = (lastNotZero + entryBytes) / entryBytes * entryBytes;
        }
        List<TEntry> entries = new(used / entryBytes);
        for (int at = 0; at + entryBytes <= Math.Min(used, bytes.Length); at += entryBytes)
            entries.Add(decode(bytes.AsSpan(at, entryBytes), at));
        int rest = bytes.Length - entries.Count * entryBytes;
        bool isTorn = used > bytes.Length || !mayHaveReserve && rest > 0;
        return new EntryFileContent<TEntry>(
            entries,
            isTorn ? 0 : rest,
            isTorn ? $"{rest % entryBytes} bytes behind the last entry" : null,
            entries.Count * (long)entryBytes);
    }
}
