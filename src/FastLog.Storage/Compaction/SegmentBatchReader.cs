using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Reads a segment's batches one after another, whole and with their CRCs checked, through one buffer that grows only for
/// a batch larger than it. Offsets have to rise within the segment's: no CRC covers a base offset, and a wrong one would
/// make an old record of a key the newest.
/// </summary>
internal sealed class SegmentBatchReader(int bufferBytes, Action<long> onIo) : IDisposable
{
    private const int BufferBytesMin = 16 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bufferBytes, BufferBytesMin));
    private IFile? _file;
    private int _size;
    private long _offsetMin;
    private long _offsetEnd;
    private int _filledFrom;
    private int _filled;
    private int _next;

    /// <summary>Bytes of whole batches given so far, over all segments.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The current batch is the segment's last.</summary>
    public bool IsAtEnd => _next >= _size;

    /// <summary>Where in the file the current batch starts.</summary>
    public int Position { get; private set; }

    /// <summary>The file.</summary>
    public string Path => _file?.Path ?? "";

    private int Length { get; set; }

    /// <summary>The current batch, valid until the next move.</summary>
    public RecordBatchView Batch => new(_buffer.AsSpan(Position - _filledFrom, Length));

    /// <summary>Goes to the start of a segment; the caller holds its file.</summary>
    public void Start(LogSegment segment)
    {
        _file = segment.Log.File;
        (_offsetEnd, _size) = segment.Tail;
        _offsetMin = segment.BaseOffset;
        _filledFrom = 0;
        _filled = 0;
        _next = 0;
    }

    /// <summary>Moves to the next batch; false at the end.</summary>
    /// <exception cref="LogCorruptException">What comes is no sound batch.</exception>
    /// <exception cref="DiskException">It cannot be read.</exception>
    public bool MoveNext()
    {
        if (IsAtEnd)
            return false;
        if (!TryFill(RecordBatchHeader.SizeInBytes)
            || !RecordBatchHeader.TryRead(_buffer.AsSpan(_next - _filledFrom, RecordBatchHeader.SizeInBytes), out RecordBatchHeader header)
            || !BatchScanner.IsPlausible(header)
            || header.TotalSizeInBytes > _size - _next
            || !TryFill((int)header.TotalSizeInBytes))
            throw new LogCorruptException(_file!.Path, _next, "what lies here is no whole batch");
        Position = _next;
        Length = (int)header.TotalSizeInBytes;
        if (!Batch.IsCrcValid)
            throw new LogCorruptException(_file!.Path, _next, "the CRC is wrong");
        if (header.BaseOffset < _offsetMin || header.NextOffset > _offsetEnd)
            throw new LogCorruptException(
                _file!.Path, _next, $"offsets {header.BaseOffset} to {header.LastOffset} where {_offsetMin} to {_offsetEnd - 1} were due");
        _offsetMin = header.NextOffset;
        _next += Length;
        BytesRead += Length;
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>Sees that so many bytes from the next batch on are in the buffer.</summary>
    private bool TryFill(int wantedBytes)
    {
        int have = _filledFrom + _filled - _next;
        if (have >= wantedBytes)
            return true;
        byte[] target = _buffer;
        if (wantedBytes > _buffer.Length)
            target = ArrayPool<byte>.Shared.Rent(wantedBytes);
        _buffer.AsSpan(_next - _filledFrom, have).CopyTo(target);
        if (target != _buffer)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = target;
        int read = _file!.Read(_next + have, _buffer.AsSpan(have, Math.Min(_buffer.Length - have, _size - _next - have)));
        _filledFrom = _next;
        _filled = have + read;
        onIo(read);
        return _filled >= wantedBytes;
    }
}
