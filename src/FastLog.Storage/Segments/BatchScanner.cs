using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Walks the batch headers of a file between two positions, a window of bytes at a time, skipping the records.
/// Stops at the end, or at bytes that are no batch (<see cref="IsBroken"/>).
/// </summary>
internal ref struct BatchScanner
{
    public const int WindowBytes = 4096;

    private readonly IFile _file;
    private readonly Span<byte> _window;
    private readonly long _end;
    private long _windowStart;
    private int _windowLength;

    public BatchScanner(IFile file, Span<byte> window, long position, long end)
    {
        Invariant.Check(window.Length >= RecordBatchHeader.SizeInBytes, "a window holds a header");
        _file = file;
        _window = window;
        _end = end;
        NextPosition = position;
    }

    /// <summary>
    /// A scanner that starts at or before the batch that contains an offset: where the index says, or at the very start when
    /// no batch of such an offset lies there. Indexes carry no checksum, and a bit that turned must cost time, not records.
    /// </summary>
    public static BatchScanner From(LogSegment segment, Span<byte> window, long offset, long end)
    {
        int start = segment.Index.PositionAtOrBefore(offset);
        BatchScanner scanner = new(segment.Log.File, window, start, end);
        return start == 0 || scanner.IsAtBatchOf(offset) ? scanner : new BatchScanner(segment.Log.File, window, 0, end);
    }

    /// <summary>The header of the batch at <see cref="Position"/>.</summary>
    public RecordBatchHeader Header { get; private set; }

    /// <summary>Where the current batch starts.</summary>
    public long Position { get; private set; }

    /// <summary>Where the batch after the current one starts.</summary>
    public long NextPosition { get; private set; }

    /// <summary>What lies at <see cref="NextPosition"/> is not a whole batch.</summary>
    public bool IsBroken { get; private set; }

    public bool MoveNext()
    {
        if (NextPosition >= _end || IsBroken)
            return false;
        if (_end - NextPosition < RecordBatchHeader.SizeInBytes
            || !RecordBatchHeader.TryRead(WindowAt(NextPosition), out RecordBatchHeader header)
            || !IsPlausible(header)
            || header.TotalSizeInBytes > _end - NextPosition)
        {
            IsBroken = true;
            return false;
        }
        Header = header;
        Position = NextPosition;
        NextPosition += header.TotalSizeInBytes;
        return true;
    }

    /// <summary>What every batch of a log satisfies, whatever its records hold.</summary>
    public static bool IsPlausible(in RecordBatchHeader header) =>
        header.Magic == RecordBatchHeader.CurrentMagic
        && header.TotalSizeInBytes >= RecordBatchHeader.SizeInBytes
        && header.BaseOffset >= 0
        && header.LastOffsetDelta >= 0
        && header.RecordsCount >= 0;

    private bool IsAtBatchOf(long offset) =>
        NextPosition >= 0
        && _end - NextPosition >= RecordBatchHeader.SizeInBytes
        && RecordBatchHeader.TryRead(WindowAt(NextPosition), out RecordBatchHeader header)
        && IsPlausible(header)
        && header.BaseOffset <= offset;

    private ReadOnlySpan<byte> WindowAt(long position)
    {
        long inside = position - _windowStart;
        if (_windowLength == 0 || inside < 0 || inside + RecordBatchHeader.SizeInBytes > _windowLength)
        {
            int wanted = (int)Math.Min(_window.Length, _end - position);
            _windowStart = position;
            _windowLength = _file.Read(position, _window[..wanted]);
            inside = 0;
        }
        return _window[(int)inside.._windowLength];
    }
}
