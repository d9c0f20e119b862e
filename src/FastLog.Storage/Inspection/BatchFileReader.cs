using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>
/// Goes through the batches of one file from its start, whatever they hold: a segment's .log, or a metadata snapshot. The
/// file is opened for reading only, and read as far as it was long at the start: a broker may append to it meanwhile.
/// </summary>
public sealed class BatchFileReader : IDisposable
{
    // How many bytes of wrong candidates are checked before the search for the next sound batch is given up.
    private const long ResyncBytesMax = 256 * 1024 * 1024;
    private const int ResyncWindowBytes = 64 * 1024;

    private readonly IFile _file;
    private byte[] _buffer = [];
    private long _soundEnd;

    /// <summary>Opens the file.</summary>
    /// <exception cref="DiskException">It cannot be opened.</exception>
    public BatchFileReader(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        _file = files.Open(path, FileOpenMode.Read);
        Path = path;
        SizeInBytes = _file.Length;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How long the file was when it was opened.</summary>
    public long SizeInBytes { get; }

    /// <summary>Where the current batch starts.</summary>
    public long Position { get; private set; }

    /// <summary>Where the batch after the current one starts, or what <see cref="Problem"/> is about.</summary>
    public long NextPosition { get; private set; }

    /// <summary>The current batch's header.</summary>
    public RecordBatchHeader Header { get; private set; }

    /// <summary>The current batch, valid until the next move.</summary>
    public ReadOnlyMemory<byte> Batch { get; private set; }

    /// <summary>Whether the current batch's CRC is that of its bytes.</summary>
    public bool IsCrcValid { get; private set; }

    /// <summary>Why there is no batch at <see cref="NextPosition"/>; null at the end of the file.</summary>
    public string? Problem { get; private set; }

    /// <summary>Moves to the next batch; false at the end, or where no whole batch lies (<see cref="Problem"/>).</summary>
    public bool MoveNext()
    {
        if (Problem is not null || NextPosition >= SizeInBytes)
            return false;
        Problem = FindProblem(NextPosition, out RecordBatchHeader header);
        if (Problem is not null)
            return false;
        Load(header, NextPosition);
        if (IsCrcValid)
            _soundEnd = NextPosition;
        return true;
    }

    /// <summary>Goes on behind a <see cref="Problem"/>, at the next batch whose CRC is right; false when there is none.</summary>
    public bool TryResync()
    {
        Invariant.Check(Problem is not null, "only a broken file needs a new start");
        long budget = ResyncBytesMax;
        byte[] window = ArrayPool<byte>.Shared.Rent(ResyncWindowBytes);
        try
        {
            for (long from = _soundEnd + 1; SizeInBytes - from >= RecordBatchHeader.SizeInBytes && budget > 0;)
            {
                int read = _file.Read(from, window.AsSpan(0, (int)Math.Min(ResyncWindowBytes, SizeInBytes - from)));
                int last = read - RecordBatchHeader.SizeInBytes;
                for (int i = 0; i <= last; i++)
                {
                    if (window[i + RecordBatchHeader.MagicOffset] == RecordBatchHeader.CurrentMagic && IsSound(from + i, ref budget))
                    {
                        NextPosition = from + i;
                        Problem = null;
                        return true;
                    }
                }
                if (last < 0)
                    return false;
                from += last + 1;
            }
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>Whether only zeros follow a position: space that was reserved and never written to.</summary>
    public bool IsZeroFrom(long position)
    {
        byte[] window = ArrayPool<byte>.Shared.Rent(ResyncWindowBytes);
        try
        {
            while (position < SizeInBytes)
            {
                int read = _file.Read(position, window.AsSpan(0, (int)Math.Min(window.Length, SizeInBytes - position)));
                if (read == 0)
                    return true;
                if (window.AsSpan(0, read).ContainsAnyExcept((byte)0))
                    return false;
                position += read;
            }
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private bool IsSound(long position, ref long budget)
    {
        if (FindProblem(position, out RecordBatchHeader header) is not null)
            return false;
        budget -= header.TotalSizeInBytes;
        return IsCrcOf(header, position);
    }

    private string? FindProblem(long position, out RecordBatchHeader header)
    {
        header = default;
        long left = SizeInBytes - position;
        Span<byte> bytes = stackalloc byte[RecordBatchHeader.SizeInBytes];
        int read = left < bytes.Length ? 0 : _file.Read(position, bytes);
        if (!RecordBatchHeader.TryRead(bytes[..read], out header))
            return $"{left} bytes are too few for a batch";
        if (header.Magic is 0 or 1 && header.BatchLength > 0)
            return $"a message of magic {header.Magic}, which only brokers before 4.0 wrote";
        if (!BatchScanner.IsPlausible(header))
            return "what lies here is no batch";
        return header.TotalSizeInBytes > left ? $"a batch of {header.TotalSizeInBytes} bytes where {left} are left" : null;
    }

    private void Load(in RecordBatchHeader header, long position)
    {
        Header = header;
        Position = position;
        IsCrcValid = IsCrcOf(header, position);
        NextPosition = position + header.TotalSizeInBytes;
    }

    private bool IsCrcOf(in RecordBatchHeader header, long position)
    {
        // Not more than the file holds, whatever the length field says.
        int size = checked((int)header.TotalSizeInBytes);
        if (_buffer.Length < size)
            _buffer = new byte[Math.Max(size, 64 * 1024)];
        int read = _file.Read(position, _buffer.AsSpan(0, size));
        Batch = _buffer.AsMemory(0, size);
        return read == size && new RecordBatchView(Batch.Span).IsCrcValid;
    }
}
