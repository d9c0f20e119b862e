using System.Numerics;
using System.Runtime.CompilerServices;

namespace FastLog.Records;

/// <summary>
/// Base-128 variable-length integers, least significant group first. "Int" and "Long" are zigzag
/// encoded (records use them); "Unsigned" is plain (the protocol's flexible versions use it).
/// Reading refuses values that are cut off and values that do not fit their type; an encoding that
/// is longer than need be but fits (as in <c>0x80 0x00</c>) is accepted, as Kafka does.
/// </summary>
public static class Varint
{
    /// <summary>Most bytes a 32-bit value takes.</summary>
    public const int SizeMaxBytesOfInt = 5;

    /// <summary>Most bytes a 64-bit value takes.</summary>
    public const int SizeMaxBytesOfLong = 10;

    /// <summary>Maps small magnitudes of either sign to small unsigned values.</summary>
    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    /// <summary>Maps small magnitudes of either sign to small unsigned values.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>The inverse of <see cref="ZigZag(int)"/>.</summary>
    public static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    /// <summary>The inverse of <see cref="ZigZag(long)"/>.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Bytes that <paramref name="value"/> takes as an unsigned varint, 1 to 5.</summary>
    public static int SizeOfUnsigned(uint value) => SizeOfBits(32 - BitOperations.LeadingZeroCount(value | 1));

    /// <summary>Bytes that <paramref name="value"/> takes as an unsigned varint, 1 to 10.</summary>
    public static int SizeOfUnsignedLong(ulong value) => SizeOfBits(64 - BitOperations.LeadingZeroCount(value | 1));

    /// <summary>Bytes that <paramref name="value"/> takes as a zigzag varint, 1 to 5.</summary>
    public static int SizeOfInt(int value) => SizeOfUnsigned(ZigZag(value));

    /// <summary>Bytes that <paramref name="value"/> takes as a zigzag varint, 1 to 10.</summary>
    public static int SizeOfLong(long value) => SizeOfUnsignedLong(ZigZag(value));

    /// <summary>Reads a zigzag varint; false when it is cut off or does not fit 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadInt(ReadOnlySpan<byte> source, out int value, out int bytesRead)
    {
        bool read = TryReadUnsigned(source, out uint raw, out bytesRead);
        value = UnZigZag(raw);
        return read;
    }

    /// <summary>Reads a zigzag varint; false when it is cut off or does not fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadLong(ReadOnlySpan<byte> source, out long value, out int bytesRead)
    {
        bool read = TryReadUnsignedLong(source, out ulong raw, out bytesRead);
        value = UnZigZag(raw);
        return read;
    }

    /// <summary>Reads an unsigned varint; false when it is cut off or does not fit 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadUnsigned(ReadOnlySpan<byte> source, out uint value, out int bytesRead)
    {
        // Lengths and deltas below 128 are nearly all there are, so the one-byte case stands inline.
        if (!source.IsEmpty && source[0] < 0x80)
        {
            value = source[0];
            bytesRead = 1;
            return true;
        }

        return TryReadUnsignedLonger(source, out value, out bytesRead);
    }

    /// <summary>Reads an unsigned varint; false when it is cut off or does not fit 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadUnsignedLong(ReadOnlySpan<byte> source, out ulong value, out int bytesRead)
    {
        if (!source.IsEmpty && source[0] < 0x80)
        {
            value = source[0];
            bytesRead = 1;
            return true;
        }

        return TryReadUnsignedLongLonger(source, out value, out bytesRead);
    }

    /// <summary>Writes a zigzag varint; false when <paramref name="destination"/> is too short.</summary>
    public static bool TryWriteInt(Span<byte> destination, int value, out int bytesWritten) =>
        TryWriteUnsignedLong(destination, ZigZag(value), out bytesWritten);

    /// <summary>Writes a zigzag varint; false when <paramref name="destination"/> is too short.</summary>
    public static bool TryWriteLong(Span<byte> destination, long value, out int bytesWritten) =>
        TryWriteUnsignedLong(destination, ZigZag(value), out bytesWritten);

    /// <summary>Writes an unsigned varint; false when <paramref name="destination"/> is too short.</summary>
    public static bool TryWriteUnsigned(Span<byte> destination, uint value, out int bytesWritten) =>
        TryWriteUnsignedLong(destination, value, out bytesWritten);

    /// <summary>Writes an unsigned varint; false when <paramref name="destination"/> is too short.</summary>
    public static bool TryWriteUnsignedLong(Span<byte> destination, ulong value, out int bytesWritten)
    {
        if (value < 0x80 && !destination.IsEmpty)
        {
            destination[0] = (byte)value;
            bytesWritten = 1;
            return true;
        }

        int size = SizeOfUnsignedLong(value);
        if (size > destination.Length)
        {
            bytesWritten = 0;
            return false;
        }

        for (int i = 0; i < size - 1; i++)
        {
            destination[i] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[size - 1] = (byte)value;
        bytesWritten = size;
        return true;
    }

    /// <summary>Writes a zigzag varint and returns its size; <see cref="ArgumentException"/> when it does not fit.</summary>
    public static int WriteInt(Span<byte> destination, int value) => WriteUnsignedLong(destination, ZigZag(value));

    /// <summary>Writes a zigzag varint and returns its size; <see cref="ArgumentException"/> when it does not fit.</summary>
    public static int WriteLong(Span<byte> destination, long value) => WriteUnsignedLong(destination, ZigZag(value));

    /// <summary>Writes an unsigned varint and returns its size; <see cref="ArgumentException"/> when it does not fit.</summary>
    public static int WriteUnsigned(Span<byte> destination, uint value) => WriteUnsignedLong(destination, value);

    /// <summary>Writes an unsigned varint and returns its size; <see cref="ArgumentException"/> when it does not fit.</summary>
    public static int WriteUnsignedLong(Span<byte> destination, ulong value) =>
        TryWriteUnsignedLong(destination, value, out int size)
            ? size
            : throw new ArgumentException("The destination is too short for the varint.", nameof(destination));

    // ceil(bits / 7) without a division, for 1 to 64 bits.
    private static int SizeOfBits(int bits) => ((bits * 37) + 222) >> 8;

    private static bool TryReadUnsignedLonger(ReadOnlySpan<byte> source, out uint value, out int bytesRead)
    {
        uint result = 0;
        int limit = Math.Min(source.Length, SizeMaxBytesOfInt);
        for (int i = 0; i < limit; i++)
        {
            uint group = source[i];
            if (group < 0x80)
            {
                // The fifth group has room for four bits only.
                bool fits = i < SizeMaxBytesOfInt - 1 || group <= 0x0f;
                value = fits ? result | (group << (7 * i)) : 0;
                bytesRead = fits ? i + 1 : 0;
                return fits;
            }

            result |= (group & 0x7f) << (7 * i);
        }

        value = 0;
        bytesRead = 0;
        return false;
    }

    private static bool TryReadUnsignedLongLonger(ReadOnlySpan<byte> source, out ulong value, out int bytesRead)
    {
        ulong result = 0;
        int limit = Math.Min(source.Length, SizeMaxBytesOfLong);
        for (int i = 0; i < limit; i++)
        {
            ulong group = source[i];
            if (group < 0x80)
            {
                // The tenth group has room for one bit only.
                bool fits = i < SizeMaxBytesOfLong - 1 || group <= 0x01;
                value = fits ? result | (group << (7 * i)) : 0;
                bytesRead = fits ? i + 1 : 0;
                return fits;
            }

            result |= (group & 0x7f) << (7 * i);
        }

        value = 0;
        bytesRead = 0;
        return false;
    }
}
