using System.Buffers;
using System.Buffers.Binary;
using FastLog.Protocol;

namespace FastLog.Network;

/// <summary>
/// Takes one encoded message and becomes one frame: size field, bytes, file regions and foreign memory in order.
/// </summary>
/// <remarks>
/// A short message lives in an array that the output keeps; a longer one grows into pooled blocks. External records
/// are not copied: they split the frame into parts. Not thread-safe: written by one thread at a time.
/// </remarks>
public sealed class FrameOutput : IMessageOutput
{
    private const int OwnBytes = 512;

    private readonly PinnedBlockPool _pool;
    private readonly byte[] _own = GC.AllocateUninitializedArray<byte>(OwnBytes, pinned: true);
    private readonly List<PinnedBlock> _blocks = new(2);
    private readonly List<FramePart> _parts = new(4);
    private byte[] _current;
    private int _partStart;
    private int _position;
    private long _sealedBytes;
    private long _memoryBytes;

    internal FrameOutput(PinnedBlockPool pool)
    {
        _pool = pool;
        _current = _own;
        _position = FrameDecoder.SizeFieldBytes;
    }

    /// <summary>How many bytes the message has so far, external records included.</summary>
    public long MessageBytes => _sealedBytes + _position - _partStart - FrameDecoder.SizeFieldBytes;

    /// <summary>How many bytes of memory the message holds beyond the array of the output itself.</summary>
    internal long PooledBytes => _memoryBytes;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _current.Length - _position);
        _position += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _current.AsMemory(_position);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureSpace(sizeHint);
        return _current.AsSpan(_position);
    }

    /// <summary>Puts external records at the end; a <see cref="FileRegion"/> is owned by the output from here on.
    /// </summary>
    /// <exception cref="ArgumentException">The records are of a kind that this output cannot send.</exception>
    public void WriteExternal(IExternalRecords records)
    {
        ArgumentNullException.ThrowIfNull(records);
        switch (records)
        {
            case FileRegion { SizeInBytes: 0 } empty:
                empty.Dispose();
                break;
            case FileRegion region:
                SealPart();
                _parts.Add(new FramePart(region));
                region.IsWritten = true;
                _sealedBytes += region.SizeInBytes;
                break;
            case MemoryRecords memory:
                SealPart();
                AddForeign(memory.Bytes);
                break;
            default:
                throw new ArgumentException($"cannot send records of type {records.GetType()}", nameof(records));
        }
    }

    /// <summary>Ends the message: writes the size field and fixes the parts.</summary>
    /// <exception cref="InvalidOperationException">The message is longer than a frame can be.</exception>
    internal void Seal()
    {
        SealPart();
        long messageBytes = _sealedBytes - FrameDecoder.SizeFieldBytes;
        Invariant.Check(messageBytes <= int.MaxValue, "a message is longer than a frame can be");
        // The first part always starts with the size field: nothing can be written before it.
        BinaryPrimitives.WriteInt32BigEndian(_own, (int)messageBytes);
    }

    /// <summary>How many parts there are to send. Valid after <see cref="Seal"/>.</summary>
    internal int PartsCount => _parts.Count;

    /// <summary>A part, in order of sending.</summary>
    internal FramePart PartAt(int index) => _parts[index];

    /// <summary>Drops what was written, so that the message can be written anew.</summary>
    public void Clear()
    {
        foreach (FramePart part in _parts)
        {
            part.Region?.Dispose();
        }

        foreach (PinnedBlock block in _blocks)
        {
            block.Dispose();
        }

        _parts.Clear();
        _blocks.Clear();
        _current = _own;
        _partStart = 0;
        _position = FrameDecoder.SizeFieldBytes;
        _sealedBytes = 0;
        _memoryBytes = 0;
    }

    private void EnsureSpace(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (_current.Length - _position >= Math.Max(1, sizeHint))
        {
            return;
        }

        SealPart();
        // Each block doubles what there is, up to the largest pooled one, so that long messages have few parts.
        long growth = Math.Clamp(_memoryBytes, PinnedBlockPool.SmallBytes, PinnedBlockPool.LargestPooledBytes);
        PinnedBlock block = _pool.RentBlock((int)Math.Max(sizeHint, growth));
        _blocks.Add(block);
        _memoryBytes += block.Capacity;
        _current = block.Array;
        _partStart = 0;
        _position = 0;
    }

    private void SealPart()
    {
        int length = _position - _partStart;
        if (length > 0)
        {
            _parts.Add(new FramePart(_current.AsMemory(_partStart, length)));
            _sealedBytes += length;
            _partStart = _position;
        }
    }

    private void AddForeign(in ReadOnlySequence<byte> bytes)
    {
        foreach (ReadOnlyMemory<byte> piece in bytes)
        {
            if (!piece.IsEmpty)
            {
                _parts.Add(new FramePart(piece));
                _sealedBytes += piece.Length;
            }
        }
    }
}
