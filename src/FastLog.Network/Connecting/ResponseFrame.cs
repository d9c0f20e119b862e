using System.Buffers;

namespace FastLog.Network;

/// <summary>
/// A response as it was received: without the size field, with its header. Owns a share of the blocks it lies in.
/// </summary>
/// <remarks>Pooled. Dispose it once, soon: even a short response keeps its whole block from being reused.</remarks>
public sealed class ResponseFrame : IDisposable
{
    private static readonly ObjectStack<ResponseFrame> Free = new(capacity: 4096);

    private readonly List<BlockSegment> _segments = [];
    private ReadOnlySequence<byte> _payload;
    private int _used;
    private int _isRented;

    private ResponseFrame()
    {
    }

    /// <summary>The bytes; not valid after <see cref="Dispose"/>.</summary>
    public ReadOnlySequence<byte> Payload
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isRented) == 0, this);
            return _payload;
        }
    }

    /// <summary>Gives the blocks up.</summary>
    public void Dispose()
    {
        Invariant.Check(Interlocked.Exchange(ref _isRented, 0) == 1, "a response frame was released twice");
        _payload = default;
        for (int i = 0; i < _used; i++)
        {
            _segments[i].Release();
        }

        _used = 0;
        Free.Push(this);
    }

    /// <summary>A frame over the blocks of a reader, which may go on and release them.</summary>
    /// <param name="frame">A part of what <see cref="SocketPipeReader"/> returned.</param>
    internal static ResponseFrame Retain(in ReadOnlySequence<byte> frame)
    {
        ResponseFrame response = Free.TryPop(out ResponseFrame? free) ? free : new ResponseFrame();
        Invariant.Check(Interlocked.Exchange(ref response._isRented, 1) == 0, "a free response frame was in use");
        response.Share(frame);
        return response;
    }

    private void Share(in ReadOnlySequence<byte> frame)
    {
        var segment = (BlockSegment?)frame.Start.GetObject();
        int start = frame.Start.GetInteger();
        long left = frame.Length;
        BlockSegment? last = null;
        long index = 0;
        while (left > 0)
        {
            Invariant.Check(segment?.Block is not null, "a frame is longer than its blocks");
            int length = (int)Math.Min(left, segment.Memory.Length - start);
            if (length > 0)
            {
                last = Append(segment.Block, segment.Memory.Slice(start, length), index, last);
                index += length;
                left -= length;
            }

            start = 0;
            segment = segment.NextSegment;
        }

        _payload = last is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(_segments[0], 0, last, last.Memory.Length);
    }

    private BlockSegment Append(PinnedBlock block, ReadOnlyMemory<byte> memory, long index, BlockSegment? last)
    {
        if (_used == _segments.Count)
        {
            _segments.Add(new BlockSegment());
        }

        BlockSegment segment = _segments[_used++];
        block.Retain();
        segment.Take(block, memory, index);
        last?.LinkTo(segment);
        return segment;
    }
}
