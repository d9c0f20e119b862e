namespace FastLog.Storage;

/// <summary>
/// A file of fixed-size entries in rising order, the ground of both indexes. The newest entries wait in a small buffer
/// until it is full, so an append costs no system call and the tail is looked up in memory; older ones are read from
/// the file one by one, which a binary search needs few of. Safe for one writer and many readers: each call takes the
/// file's own lock.
/// </summary>
internal sealed class EntryFile
{
    private const int BufferBytes = 4096;
    private const int EntrySizeBytesMax = 16;

    private readonly Lock _lock = new();
    private readonly IFile _file;
    private readonly int _entrySize;
    private byte[]? _buffer;
    private int _stored = -1;
    private int _buffered;

    public EntryFile(IFile file, int entrySize)
    {
        Invariant.Check(entrySize <= EntrySizeBytesMax, "index entries are small");
        _file = file;
        _entrySize = entrySize;
    }

    /// <summary>Decides on which side of a search an entry lies.</summary>
    public interface IProbe
    {
        /// <summary>Whether the entry is at or below what is looked for. Monotonic over the file.</summary>
        bool IsAtOrBelow(ReadOnlySpan<byte> entry);
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return CountLocked();
        }
    }

    public long SizeInBytes => (long)Count * _entrySize;

    /// <summary>Whether there is a buffer to be stored or released; does not touch the file.</summary>
    public bool HasBuffer
    {
        get
        {
            lock (_lock)
                return _buffer is not null;
        }
    }

    public void Append(ReadOnlySpan<byte> entry)
    {
        lock (_lock)
        {
            _ = CountLocked();
            _buffer ??= new byte[BufferBytes / _entrySize * _entrySize];
            if ((_buffered + 1) * _entrySize > _buffer.Length)
                StoreBuffer();
            entry.CopyTo(_buffer.AsSpan(_buffered * _entrySize, _entrySize));
            _buffered++;
        }
    }

    /// <summary>Reads one entry.</summary>
    public void Read(int index, Span<byte> entry)
    {
        lock (_lock)
            ReadLocked(index, entry);
    }

    /// <summary>The last entry at or below, by binary search; -1 when there is none.</summary>
    public int Floor<TProbe>(in TProbe probe, Span<byte> entry) where TProbe : struct, IProbe, allows ref struct
    {
        lock (_lock)
        {
            int low = 0;
            int high = CountLocked() - 1;
            while (low <= high)
            {
                int middle = low + (high - low) / 2;
                ReadLocked(middle, entry);
                if (probe.IsAtOrBelow(entry))
                    low = middle + 1;
                else
                    high = middle - 1;
            }
            if (high >= 0)
                ReadLocked(high, entry);
            return high;
        }
    }

    /// <summary>Keeps the first entries only.</summary>
    public void Truncate(int count)
    {
        lock (_lock)
        {
            _ = CountLocked();
            if (count >= _stored)
            {
                _buffered = Math.Min(_buffered, count - _stored);
            }
            else
            {
                _buffered = 0;
                _stored = count;
            }
            if (_file.Length != (long)_stored * _entrySize)
                _file.Truncate((long)_stored * _entrySize);
        }
    }

    /// <summary>Hands the buffered entries to the file; with <paramref name="releaseBuffer"/> none will follow soon.</summary>
    public void Store(bool releaseBuffer)
    {
        lock (_lock)
        {
            StoreBuffer();
            if (releaseBuffer)
                _buffer = null;
        }
    }

    /// <summary>Makes stored entries survive a crash.</summary>
    public void FlushData() => _file.FlushData();

    private void ReadLocked(int index, Span<byte> entry)
    {
        Invariant.Check(index >= 0 && index < CountLocked(), "an index entry is read that exists");
        if (index >= _stored)
        {
            _buffer.AsSpan((index - _stored) * _entrySize, _entrySize).CopyTo(entry);
            return;
        }
        int read = _file.Read((long)index * _entrySize, entry[.._entrySize]);
        if (read < _entrySize)
            throw new DiskException("pread", _file.Path, DiskException.InputOutputError);
    }

    // The file is opened no sooner than somebody asks.
    private int CountLocked()
    {
        if (_stored < 0)
            _stored = checked((int)(_file.Length / _entrySize));
        return _stored + _buffered;
    }

    // The buffer is emptied only after the write: a full disk leaves both as they were.
    private void StoreBuffer()
    {
        if (_buffered == 0)
            return;
        _file.Write((long)_stored * _entrySize, _buffer.AsSpan(0, _buffered * _entrySize));
        _stored += _buffered;
        _buffered = 0;
    }
}
