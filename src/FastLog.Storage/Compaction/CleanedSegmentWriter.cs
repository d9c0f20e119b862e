using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>Fills a segment under its .cleaned name, indexes and all, and makes it survive.</summary>
internal sealed class CleanedSegmentWriter : IDisposable
{
    private const int BufferBytesMin = 16 * 1024;

    private readonly byte[] _buffer;
    private readonly Action<long> _onIo;
    private readonly int _indexIntervalBytes;
    private readonly SegmentFile _held;
    private int _buffered;
    private long _written;

    /// <param name="segment">Its files are there and held; the writer lets go of them.</param>
    /// <param name="indexIntervalBytes">index.interval.bytes.</param>
    /// <param name="bufferBytes">Bytes gathered before they are written.</param>
    /// <param name="onIo">Hears of bytes written.</param>
    public CleanedSegmentWriter(LogSegment segment, int indexIntervalBytes, int bufferBytes, Action<long> onIo)
    {
        Segment = segment;
        _held = segment.Log;
        _indexIntervalBytes = indexIntervalBytes;
        _onIo = onIo;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(bufferBytes, BufferBytesMin));
    }

    public LogSegment Segment { get; }

    /// <summary>Bytes of all batches appended.</summary>
    public long SizeInBytes => _written + _buffered;

    public void Append(ReadOnlySpan<byte> batch)
    {
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        if (SizeInBytes + batch.Length > int.MaxValue)
            throw new LogCorruptException(Segment.Log.File.Path, SizeInBytes, "packed anew the records are larger than a segment can be");
        Segment.Account(header, (int)SizeInBytes, _indexIntervalBytes, indexesFit: true);
        if (_buffered + batch.Length > _buffer.Length)
            WriteBuffer();
        if (batch.Length > _buffer.Length)
        {
            Write(batch);
            return;
        }
        batch.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += batch.Length;
    }

    /// <summary>Writes and syncs all of it.</summary>
    /// <param name="nextOffset">The offset after the last one that the segment stands for.</param>
    /// <param name="aborted">The entries of the markers in it.</param>
    public void Finish(long nextOffset, List<AbortedTransactionEntry> aborted)
    {
        WriteBuffer();
        foreach (AbortedTransactionEntry entry in aborted)
            Segment.Transactions.Append(entry);
        Segment.Publish(nextOffset, _written);
        Segment.StoreIndexes(releaseBuffers: true);
        Segment.Log.File.FlushData();
        Segment.FlushIndexes();
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _held.Dispose();
    }

    private void WriteBuffer()
    {
        Write(_buffer.AsSpan(0, _buffered));
        _buffered = 0;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Segment.Log.File.Write(_written, bytes);
        _written += bytes.Length;
        _onIo(bytes.Length);
    }
}
