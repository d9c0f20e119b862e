using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FastLog.Protocol;

/// <summary>
/// Writes a message's primitives to an output, or only counts them. Bytes reach the output with <see cref="Flush"/>.
/// This part writes fixed-size values; the other one everything that has a length.
/// </summary>
public ref partial struct MessageWriter
{
    private const int ScratchBytes = 64;

    [ThreadStatic]
    private static byte[]? _measuringScratch;

    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _span;
    private int _index;
    private long _flushed;

    /// <summary>A writer that appends to <paramref name="output"/>.</summary>
    public MessageWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Bytes written or counted so far, records that lie elsewhere included.</summary>
    public readonly long BytesWritten => _flushed + _index;

    /// <summary>A writer that has no output and counts what it would write.</summary>
    public static MessageWriter Measuring() => default;

    /// <summary>Hands all bytes written so far to the output. The writer can go on.</summary>
    public void Flush()
    {
        if (_index > 0)
        {
            _output?.Advance(_index);
            _flushed += _index;
        }

        _index = 0;
        _span = default;
    }

    /// <summary>Writes 1 or 0.</summary>
    public void WriteBool(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>Writes a signed byte.</summary>
    public void WriteInt8(sbyte value) => Reserve(1)[0] = (byte)value;

    /// <summary>Writes a 16-bit integer.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), value);

    /// <summary>Writes an unsigned 16-bit integer.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(sizeof(ushort)), value);

    /// <summary>Writes a 32-bit integer.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    /// <summary>Writes an unsigned 32-bit integer.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);

    /// <summary>Writes a 64-bit integer.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

    /// <summary>Writes a 64-bit IEEE 754 number.</summary>
    public void WriteFloat64(double value) => WriteInt64(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes 16 bytes in network order.</summary>
    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    /// <summary>Writes an error code.</summary>
    public void WriteErrorCode(ErrorCode value) => WriteInt16((short)value);

    /// <summary>Writes an unsigned varint of 1 to 5 bytes.</summary>
    public void WriteUnsignedVarint(uint value)
    {
        while (value >= 0x80)
        {
            Reserve(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Reserve(1)[0] = (byte)value;
    }

    /// <summary>The next <paramref name="count"/> bytes of the output, counted as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Reserve(int count)
    {
        if (_span.Length - _index < count)
        {
            MoveToNextSpan(count);
        }

        Span<byte> reserved = _span.Slice(_index, count);
        _index += count;
        return reserved;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MoveToNextSpan(int count)
    {
        Flush();
        _span = _output is null ? _measuringScratch ??= new byte[ScratchBytes] : _output.GetSpan(count);
    }
}
