using System.Buffers.Binary;

namespace FastLog.Storage;

/// <summary>
/// The .index file: now and then the last offset of an append and where that append starts. The floor of an offset
/// therefore never lies behind its batch. Entries rise strictly in both fields.
/// </summary>
internal sealed class OffsetIndex
{
    public const int EntrySizeBytes = 8;

    private readonly EntryFile _entries;
    private readonly long _baseOffset;

    public OffsetIndex(IFile file, long baseOffset)
    {
        _entries = new EntryFile(file, EntrySizeBytes);
        _baseOffset = baseOffset;
    }

    public int Count => _entries.Count;

    public bool IsFull(int sizeBytesMax) => _entries.SizeInBytes + EntrySizeBytes > sizeBytesMax;

    public void Append(long lastOffset, int position)
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        BinaryPrimitives.WriteUInt32BigEndian(entry, checked((uint)(lastOffset - _baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        _entries.Append(entry);
    }

    /// <summary>A batch start at or before the batch that contains the offset; 0 when the index knows none.</summary>
    public int PositionAtOrBefore(long offset) => Floor(new ByOffset(offset - _baseOffset)).Position;

    /// <summary>The last known batch start at or before a position.</summary>
    public int BatchStartAtOrBefore(long position) => Floor(new ByPosition(position)).Position;

    /// <summary>Drops the entries of batches at or beyond an offset.</summary>
    public void TruncateTo(long offset)
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        _entries.Truncate(_entries.Floor(new ByOffset(offset - _baseOffset - 1), entry) + 1);
    }

    /// <summary>The entry at an index.</summary>
    public (long Offset, int Position) this[int index]
    {
        get
        {
            Span<byte> entry = stackalloc byte[EntrySizeBytes];
            _entries.Read(index, entry);
            return (_baseOffset + OffsetOf(entry), PositionOf(entry));
        }
    }

    public void Clear() => _entries.Truncate(0);

    public void Truncate(int count) => _entries.Truncate(count);

    /// <summary>Drops the zeros that preallocation left behind the last entry: no entry but the first can be zero.</summary>
    public void DropZeroTail()
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        int last = _entries.Floor(new ByNotZero(), entry);
        _entries.Truncate(last + 1);
    }

    public bool HasBuffer => _entries.HasBuffer;

    public void Store(bool releaseBuffer) => _entries.Store(releaseBuffer);

    public void FlushData() => _entries.FlushData();

    private (long Relative, int Position) Floor<TProbe>(in TProbe probe) where TProbe : struct, EntryFile.IProbe
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        return _entries.Floor(probe, entry) < 0 ? (0, 0) : (OffsetOf(entry), PositionOf(entry));
    }

    private static uint OffsetOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32BigEndian(entry);

    private static int PositionOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt32BigEndian(entry[4..]);

    private readonly struct ByOffset(long relative) : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => OffsetOf(entry) <= relative;
    }

    private readonly struct ByPosition(long position) : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => PositionOf(entry) <= position;
    }

    private readonly struct ByNotZero : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt64BigEndian(entry) != 0;
    }
}
