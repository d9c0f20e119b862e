using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Goes through a log's batches from an offset on, each one whole in memory: for replay by coordinators and raft, and
/// for look-ups within batches. Not for the fetch path, which never copies.
/// </summary>
public sealed class BatchCursor : IDisposable
{
    private const int ReadBytesMax = 1024 * 1024;

    private readonly PartitionLog _log;
    private readonly long _upperBoundOffset;
    private ReadResult _region;
    private int _consumedBytes;
    private byte[] _buffer = [];

    internal BatchCursor(PartitionLog log, long fromOffset, long upperBoundOffset)
    {
        _log = log;
        _upperBoundOffset = upperBoundOffset;
        NextOffset = fromOffset;
    }

    /// <summary>The current batch's header.</summary>
    public RecordBatchHeader Header { get; private set; }

    /// <summary>The current batch, valid until the next move. The first one may start before the offset asked for.</summary>
    public ReadOnlyMemory<byte> Batch { get; private set; }

    /// <summary>The offset behind the current batch, at first the offset asked for.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Why the last move failed: Ok at the end of the log or the upper bound.</summary>
    public ReadStatus Status { get; private set; }

    /// <summary>Moves to the next batch; false at the end, or when the log cannot be read (<see cref="Status"/>).</summary>
    public bool MoveNext()
    {
        if (_consumedBytes == _region.SizeInBytes && !TryReadRegion())
            return false;
        IFile file = _region.Lease!.File;
        long position = _region.Position + _consumedBytes;
        if (!TryReadBatch(file, position))
        {
            Status = ReadStatus.Corrupt;
            return false;
        }
        _consumedBytes += Batch.Length;
        NextOffset = Header.NextOffset;
        return true;
    }

    /// <summary>Gives the file and the buffer back.</summary>
    public void Dispose()
    {
        ReleaseRegion();
        Batch = default;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private bool TryReadRegion()
    {
        long next = Math.Max(NextOffset, _region.NextOffset);
        ReleaseRegion();
        ReadResult read = _log.Read(next, ReadBytesMax, _upperBoundOffset, atLeastOneBatch: true);
        Status = read.Status;
        if (read.SizeInBytes == 0)
            return false;
        _region = read;
        return true;
    }

    private bool TryReadBatch(IFile file, long position)
    {
        EnsureBuffer(RecordBatchHeader.SizeInBytes);
        int left = _region.SizeInBytes - _consumedBytes;
        int read = file.Read(position, _buffer.AsSpan(0, Math.Min(left, RecordBatchHeader.SizeInBytes)));
        if (!RecordBatchHeader.TryRead(_buffer.AsSpan(0, read), out RecordBatchHeader header) || header.TotalSizeInBytes > left)
            return false;
        int size = (int)header.TotalSizeInBytes;
        EnsureBuffer(size);
        if (file.Read(position, _buffer.AsSpan(0, size)) < size)
            return false;
        Header = header;
        Batch = _buffer.AsMemory(0, size);
        return new RecordBatchView(Batch.Span).IsCrcValid;
    }

    private void EnsureBuffer(int sizeBytes)
    {
        if (_buffer.Length >= sizeBytes)
            return;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(sizeBytes, 16 * 1024));
    }

    private void ReleaseRegion()
    {
        _region.Lease?.Dispose();
        _region = default;
        _consumedBytes = 0;
    }
}
