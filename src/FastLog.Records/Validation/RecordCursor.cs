using System.Buffers;
using System.Runtime.CompilerServices;

namespace FastLog.Records;

/// <summary>
/// A position in bytes of one or many segments, moved by the reads a record needs. Reads within the
/// current segment cost a bounds check; those across a border go byte by byte.
/// </summary>
internal ref struct RecordCursor
{
    private readonly ReadOnlySequence<byte> _sequence;
    private SequencePosition _next;
    private ReadOnlySpan<byte> _segment;
    private int _index;
    private long _consumedBefore;

    public RecordCursor(in ReadOnlySequence<byte> sequence)
    {
        _sequence = sequence;
        _next = sequence.Start;
        LengthBytes = sequence.Length;
        TryMoveToNextSegment();
    }

    /// <summary>Bytes there are in all.</summary>
    public long LengthBytes { get; }

    /// <summary>Bytes already read.</summary>
    public readonly long Consumed => _consumedBefore + _index;

    /// <summary>What is left of the current segment.</summary>
    public readonly ReadOnlySpan<byte> Ahead => _segment[_index..];

    /// <summary>Moves on by bytes that were read from <see cref="Ahead"/>.</summary>
    public void Advance(int count)
    {
        Invariant.Check((uint)count <= (uint)(_segment.Length - _index), "more was read than the segment has left");
        _index += count;
    }

    /// <summary>Reads one byte; false at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadByte(out byte value)
    {
        if (_index < _segment.Length || TryMoveToNextSegment())
        {
            value = _segment[_index++];
            return true;
        }

        value = 0;
        return false;
    }

    /// <summary>Reads a zigzag varint; false when it is cut off or too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadInt(out int value)
    {
        if (_index < _segment.Length && _segment[_index] < 0x80)
        {
            value = Varint.UnZigZag((uint)_segment[_index++]);
            return true;
        }

        bool read = TryReadLonger(Varint.SizeMaxBytesOfInt, out ulong raw) & raw <= uint.MaxValue;
        value = Varint.UnZigZag((uint)raw);
        return read;
    }

    /// <summary>Reads a zigzag varint; false when it is cut off or too long.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadLong(out long value)
    {
        if (_index < _segment.Length && _segment[_index] < 0x80)
        {
            value = Varint.UnZigZag((ulong)_segment[_index++]);
            return true;
        }

        bool read = TryReadLonger(Varint.SizeMaxBytesOfLong, out ulong raw);
        value = Varint.UnZigZag(raw);
        return read;
    }

    /// <summary>Moves on by <paramref name="count"/> bytes, at least 0; false when fewer are left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TrySkip(int count)
    {
        if (count <= _segment.Length - _index)
        {
            _index += count;
            return true;
        }

        return TrySkipAcross(count);
    }

    private bool TrySkipAcross(int count)
    {
        if (count > LengthBytes - Consumed)
        {
            return false;
        }

        while (count > _segment.Length - _index)
        {
            count -= _segment.Length - _index;
            _index = _segment.Length;
            if (!TryMoveToNextSegment())
            {
                return false;
            }
        }

        _index += count;
        return true;
    }

    private bool TryReadLonger(int sizeMaxBytes, out ulong value)
    {
        ReadOnlySpan<byte> rest = _segment[_index..];
        if (rest.Length < sizeMaxBytes)
        {
            return TryReadAcross(sizeMaxBytes, out value);
        }

        bool read = Varint.TryReadUnsignedLong(rest[..sizeMaxBytes], out value, out int size);
        _index += size;
        return read;
    }

    private bool TryReadAcross(int sizeMaxBytes, out ulong value)
    {
        Span<byte> collected = stackalloc byte[Varint.SizeMaxBytesOfLong];
        int size = 0;
        while (size < sizeMaxBytes && TryReadByte(out byte next))
        {
            collected[size++] = next;
            if (next < 0x80)
            {
                break;
            }
        }

        return Varint.TryReadUnsignedLong(collected[..size], out value, out _);
    }

    // Empty segments are legal anywhere in a sequence, so one step may pass several.
    private bool TryMoveToNextSegment()
    {
        while (_sequence.TryGet(ref _next, out ReadOnlyMemory<byte> memory))
        {
            _consumedBefore += _segment.Length;
            _segment = memory.Span;
            _index = 0;
            if (!_segment.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }
}
