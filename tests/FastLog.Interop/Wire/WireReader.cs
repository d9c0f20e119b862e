using System.Buffers.Binary;
using System.Text;

namespace FastLog.Interop.Wire;

/// <summary>Reads what <see cref="WireWriter"/> writes; throws when the bytes end too early.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    public sbyte Int8() => (sbyte)Raw(1)[0];

    public short Int16() => BinaryPrimitives.ReadInt16BigEndian(Raw(sizeof(short)));

    public int Int32() => BinaryPrimitives.ReadInt32BigEndian(Raw(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Raw(sizeof(uint)));

    public long Int64() => BinaryPrimitives.ReadInt64BigEndian(Raw(sizeof(long)));

    public string? String()
    {
        short length = Int16();
        return length < 0 ? null : Encoding.UTF8.GetString(Raw(length));
    }

    public ReadOnlySpan<byte> Bytes()
    {
        int length = Int32();
        return length < 0 ? [] : Raw(length);
    }

    public long Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte part = Raw(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new InvalidDataException("A varint is longer than ten bytes.");
    }

    public ReadOnlySpan<byte> Raw(int length)
    {
        if ((uint)length > (uint)_rest.Length)
        {
            throw new InvalidDataException($"{length} bytes wanted, {_rest.Length} are left.");
        }

        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
