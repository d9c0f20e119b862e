using System.Buffers.Binary;

namespace FastLog.Storage;

/// <summary>
/// The .timeindex file: the largest timestamp so far and the last offset of the batch that brought it. Timestamps rise
/// strictly; the last entry of a closed segment holds the segment's largest timestamp.
/// </summary>
internal sealed class TimeIndex
{
    public const int EntrySizeBytes = 12;

    private readonly EntryFile _entries;
    private readonly long _baseOffset;

    public TimeIndex(IFile file, long baseOffset)
    {
        _entries = new EntryFile(file, EntrySizeBytes);
        _baseOffset = baseOffset;
    }

    public int Count => _entries.Count;

    public bool IsFull(int sizeBytesMax) => _entries.SizeInBytes + EntrySizeBytes > sizeBytesMax;

    /// <summary>The last entry; (-1, base offset) when there is none.</summary>
    public (long TimestampMs, long Offset) Last => Count is var count && count > 0 ? this[count - 1] : (-1, _baseOffset);

    /// <summary>The entry at an index.</summary>
    public (long TimestampMs, long Offset) this[int index]
    {
        get
        {
            Span<byte> entry = stackalloc byte[EntrySizeBytes];
            _entries.Read(index, entry);
            return (TimestampOf(entry), _baseOffset + OffsetOf(entry));
        }
    }

    /// <summary>Appends unless the timestamp is not larger than the last one.</summary>
    public void AppendIfLarger(long timestampMs, long offset)
    {
        if (timestampMs <= Last.TimestampMs)
            return;
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        BinaryPrimitives.WriteInt64BigEndian(entry, timestampMs);
        BinaryPrimitives.WriteUInt32BigEndian(entry[8..], checked((uint)(offset - _baseOffset)));
        _entries.Append(entry);
    }

    /// <summary>An offset before which no record has a timestamp at or beyond the given one.</summary>
    public long OffsetAtOrBefore(long timestampMs)
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        return _entries.Floor(new ByTimestamp(timestampMs), entry) < 0 ? _baseOffset : _baseOffset + OffsetOf(entry);
    }

    /// <summary>Drops the entries of batches at or beyond an offset.</summary>
    public void TruncateTo(long offset)
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        _entries.Truncate(_entries.Floor(new ByOffset(offset - _baseOffset - 1), entry) + 1);
    }

    public void Truncate(int count) => _entries.Truncate(count);

    public void Clear() => _entries.Truncate(0);

    /// <summary>Drops the zeros that preallocation left behind the last entry.</summary>
    public void DropZeroTail()
    {
        Span<byte> entry = stackalloc byte[EntrySizeBytes];
        int last = _entries.Floor(new ByNotZero(), entry);
        _entries.Truncate(last + 1);
    }

    public bool HasBuffer => _entries.HasBuffer;

    public void Store(bool releaseBuffer) => _entries.Store(releaseBuffer);

    public void FlushData() => _entries.FlushData();

    private static long TimestampOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadInt64BigEndian(entry);

    private static uint OffsetOf(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32BigEndian(entry[8..]);

    private readonly struct ByTimestamp(long timestampMs) : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => TimestampOf(entry) <= timestampMs;
    }

    private readonly struct ByOffset(long relative) : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => OffsetOf(entry) <= relative;
    }

    private readonly struct ByNotZero : EntryFile.IProbe
    {
        public bool IsAtOrBelow(ReadOnlySpan<byte> entry) => TimestampOf(entry) != 0 || OffsetOf(entry) != 0;
    }
}
