using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FastLog.Protocol;

/// <summary>
/// Reads a message's primitives from a sequence of segments. Nothing is reserved on the word of a length or count that
/// the remaining bytes cannot hold. Whatever is wrong with the input, <see cref="ProtocolException"/> is all it throws.
/// This part reads fixed-size values; the others strings and bytes, arrays, and tagged fields.
/// </summary>
public ref partial struct MessageReader
{
    private readonly ReadOnlySequence<byte> _sequence;
    private readonly StringCache? _strings;
    private readonly long _length;
    private ReadOnlyMemory<byte> _memory;
    private ReadOnlySpan<byte> _span;
    private SequencePosition _segment;
    private SequencePosition _next;
    private long _consumedBefore;
    private int _index;

    /// <summary>A reader at the start of <paramref name="sequence"/>.</summary>
    /// <param name="sequence">The input; it has to outlive what is decoded from it.</param>
    /// <param name="strings">Strings to decode to without allocating, when they were seen before.</param>
    public MessageReader(scoped in ReadOnlySequence<byte> sequence, StringCache? strings = null)
    {
        _sequence = sequence;
        _strings = strings;
        _length = sequence.Length;
        _next = sequence.Start;
        MoveToNextSegment();
    }

    /// <summary>A reader at the start of <paramref name="memory"/>.</summary>
    public MessageReader(ReadOnlyMemory<byte> memory, StringCache? strings = null)
        : this(new ReadOnlySequence<byte>(memory), strings)
    {
    }

    /// <summary>Bytes read so far.</summary>
    public readonly long Consumed => _consumedBefore + _index;

    /// <summary>Bytes not read yet.</summary>
    public readonly long Remaining => _length - Consumed;

    /// <summary>Reads a byte; anything but 0 is true.</summary>
    public bool ReadBool() => ReadUInt8() != 0;

    /// <summary>Reads a signed byte.</summary>
    public sbyte ReadInt8() => (sbyte)ReadUInt8();

    /// <summary>Reads a 16-bit integer.</summary>
    public short ReadInt16() => (short)ReadUInt16();

    /// <summary>Reads an unsigned 16-bit integer.</summary>
    public ushort ReadUInt16() => TryTake(sizeof(ushort), out ReadOnlySpan<byte> bytes)
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : (ushort)ReadAcrossSegments(sizeof(ushort));

    /// <summary>Reads a 32-bit integer.</summary>
    public int ReadInt32() => TryTake(sizeof(int), out ReadOnlySpan<byte> bytes)
        ? BinaryPrimitives.ReadInt32BigEndian(bytes)
        : (int)ReadAcrossSegments(sizeof(int));

    /// <summary>Reads an unsigned 32-bit integer.</summary>
    public uint ReadUInt32() => (uint)ReadInt32();

    /// <summary>Reads a 64-bit integer.</summary>
    public long ReadInt64() => TryTake(sizeof(long), out ReadOnlySpan<byte> bytes)
        ? BinaryPrimitives.ReadInt64BigEndian(bytes)
        : (long)ReadAcrossSegments(sizeof(long));

    /// <summary>Reads a 64-bit IEEE 754 number.</summary>
    public double ReadFloat64() => BitConverter.Int64BitsToDouble(ReadInt64());

    /// <summary>Reads 16 bytes in network order.</summary>
    public Guid ReadUuid()
    {
        if (TryTake(16, out ReadOnlySpan<byte> bytes))
        {
            return new Guid(bytes, bigEndian: true);
        }

        Span<byte> copy = stackalloc byte[16];
        CopyTo(copy);
        return new Guid(copy, bigEndian: true);
    }

    /// <summary>Reads an error code; a number without a name stays what it is.</summary>
    public ErrorCode ReadErrorCode() => (ErrorCode)ReadInt16();

    /// <summary>Reads an unsigned varint of at most 5 bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = ReadUInt8();
        if (value < 0x80)
        {
            return value;
        }

        value &= 0x7F;
        for (int shift = 7; shift <= 28; shift += 7)
        {
            uint next = ReadUInt8();
            if (shift == 28 && next > 0x0F)
            {
                ProtocolException.ThrowVarint();
            }

            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        return value;
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(long count)
    {
        RequireRemaining(count);
        while (count > _span.Length - _index)
        {
            count -= _span.Length - _index;
            _index = _span.Length;
            MoveToNextSegment();
        }

        _index += (int)count;
    }

    private byte ReadUInt8() =>
        _index < _span.Length ? _span[_index++] : (byte)ReadAcrossSegments(1);

    /// <summary>The next bytes where they lie, unless a segment ends among them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        int index = _index;
        if (_span.Length - index < count)
        {
            bytes = default;
            return false;
        }

        _index = index + count;
        bytes = _span.Slice(index, count);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong ReadAcrossSegments(int count)
    {
        Span<byte> copy = stackalloc byte[sizeof(ulong)];
        copy.Clear();
        CopyTo(copy[(sizeof(ulong) - count)..]);
        return BinaryPrimitives.ReadUInt64BigEndian(copy);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CopyTo(scoped Span<byte> destination)
    {
        RequireRemaining(destination.Length);
        while (destination.Length > 0)
        {
            if (_index == _span.Length)
            {
                MoveToNextSegment();
            }

            int count = Math.Min(destination.Length, _span.Length - _index);
            _span.Slice(_index, count).CopyTo(destination);
            _index += count;
            destination = destination[count..];
        }
    }

    private readonly void RequireRemaining(long count)
    {
        if (count > Remaining)
        {
            ProtocolException.ThrowTruncated(count, Remaining);
        }
    }

    private void MoveToNextSegment()
    {
        SequencePosition start = _next;
        while (_sequence.TryGet(ref _next, out ReadOnlyMemory<byte> memory))
        {
            if (memory.Length > 0)
            {
                _consumedBefore += _span.Length;
                _segment = start;
                _memory = memory;
                _span = memory.Span;
                _index = 0;
                return;
            }

            start = _next;
        }
    }
}
