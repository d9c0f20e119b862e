using System.Diagnostics;

namespace FastLog.Network;

// The chain of blocks: which one is received into next, and when one is given back.
public sealed partial class SocketPipeReader
{
    private Memory<byte> FreeSpace(long missingBytes)
    {
        if (_bufferedBytes == 0 && _last?.Block?.Capacity < _freshBlockBytes)
        {
            ReleaseFirst();
        }

        if (_last?.Block is { } block)
        {
            int free = block.Capacity - _lastEnd;
            if (free >= Math.Min(missingBytes, Math.Max(1, block.Capacity / 16)))
            {
                return block.Memory[_lastEnd..];
            }
        }

        AppendBlock(_pool.RentBlock(NextBlockBytes(missingBytes)));
        return _last!.Block!.Memory;
    }

    private int NextBlockBytes(long missingBytes)
    {
        if (_bufferedBytes == 0)
        {
            return _freshBlockBytes;
        }

        long ceiling = Math.Max(PinnedBlockPool.MediumBytes, _bufferedBytes);
        int wanted = PinnedBlockPool.RoundUp((int)Math.Min(missingBytes, PinnedBlockPool.LargestPooledBytes));
        while (wanted > ceiling)
        {
            wanted /= 4;
        }

        return Math.Max(_freshBlockBytes, wanted);
    }

    /// <summary>The block to wait with next: a full one asks for a larger, a short receive for its own size.</summary>
    private static int FreshBlockBytesAfter(int received, int spaceBytes)
    {
        int bytes = received == spaceBytes
            ? PinnedBlockPool.RoundUp(Math.Min(received + 1, PinnedBlockPool.MediumBytes))
            : PinnedBlockPool.RoundUp(Math.Min(received, PinnedBlockPool.MediumBytes));
        return Math.Max(bytes, PinnedBlockPool.SmallBytes);
    }

    private void AppendBlock(PinnedBlock block)
    {
        BlockSegment segment = _segments.Rent();
        segment.Take(block, default, _last is null ? 0 : _last.RunningIndex + _lastEnd);
        _last?.LinkTo(segment);
        _last = segment;
        _first ??= segment;
        _lastEnd = 0;
    }

    private void Show(int received)
    {
        Debug.Assert(_last?.Block is not null, "a receive has a block to go to");
        _lastEnd += received;
        _last.Show(_last.Block.Memory[.._lastEnd]);
        _bufferedBytes += received;
        _freshBlockBytes = FreshBlockBytesAfter(received, _spaceBytes);
        Volatile.Write(ref _bytesReceived, _bytesReceived + received);
    }

    private void ReleaseBefore(BlockSegment upTo, int start)
    {
        while (_first != upTo)
        {
            Invariant.Check(_first is not null, "a position from another buffer was consumed");
            ReleaseFirst();
        }

        _firstStart = start;
        if (_first != _last && start == _first.Memory.Length)
        {
            ReleaseFirst();
        }

        if (_bufferedBytes == 0)
        {
            ReleaseUnused();
        }
    }

    private void ReleaseFirst()
    {
        BlockSegment first = _first!;
        _first = first.NextSegment;
        _firstStart = 0;
        if (_first is null)
        {
            _last = null;
            _lastEnd = 0;
        }

        _segments.Return(first);
    }

    /// <summary>Gives everything up when nothing is buffered, but for one small block.</summary>
    private void ReleaseUnused()
    {
        if (_bufferedBytes > 0)
        {
            return;
        }

        while (_first is not null && (_first != _last || !IsWorthKeeping(_first.Block!)))
        {
            ReleaseFirst();
        }

        _firstStart = 0;
        _lastEnd = 0;
        _first?.Show(default);
    }

    /// <summary>A block that a response frame still looks at must not be received into from its start.</summary>
    private static bool IsWorthKeeping(PinnedBlock block) =>
        block.Capacity <= PinnedBlockPool.SmallBytes && !block.IsShared;
}
