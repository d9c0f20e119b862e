using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace FastLog.Interop.Wire;

/// <summary>
/// Writes Kafka's oldest, plainest encodings. These tests write and read bytes on their own, so that a mistake in the
/// server's encoder cannot hide behind the same mistake in its decoder.
/// </summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was written.</summary>
    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public WireWriter Int8(sbyte value) => Raw([(byte)value]);

    public WireWriter Int16(short value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return Raw(bytes);
    }

    public WireWriter Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return Raw(bytes);
    }

    public WireWriter Int64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Raw(bytes);
    }

    public WireWriter String(string? value)
    {
        if (value is null)
        {
            return Int16(-1);
        }

        byte[] text = Encoding.UTF8.GetBytes(value);
        return Int16((short)text.Length).Raw(text);
    }

    public WireWriter Bytes(ReadOnlySpan<byte> value) => Int32(value.Length).Raw(value);

    /// <summary>A zigzag varint of up to 64 bits, as records use them.</summary>
    public WireWriter Varint(long value)
    {
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest > 0x7f)
        {
            Raw([(byte)(rest | 0x80)]);
            rest >>= 7;
        }

        return Raw([(byte)rest]);
    }

    public WireWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }
}
