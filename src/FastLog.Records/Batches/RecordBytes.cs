using System.Diagnostics.CodeAnalysis;

namespace FastLog.Records;

/// <summary>The pieces a record is made of, read from contiguous bytes; <see cref="RecordFormatException"/> when they are not there.</summary>
internal static class RecordBytes
{
    /// <summary>Length, attributes, two deltas, two lengths and a header count of one byte each.</summary>
    public const int RecordSizeMinBytes = 7;

    /// <summary>Key and value length of one byte each.</summary>
    public const int HeaderSizeMinBytes = 2;

    public static int ReadInt(ReadOnlySpan<byte> source, scoped ref int position)
    {
        if (!Varint.TryReadInt(source[position..], out int value, out int size))
        {
            ThrowBadVarint();
        }

        position += size;
        return value;
    }

    public static long ReadLong(ReadOnlySpan<byte> source, scoped ref int position)
    {
        if (!Varint.TryReadLong(source[position..], out long value, out int size))
        {
            ThrowBadVarint();
        }

        position += size;
        return value;
    }

    /// <summary>Reads a length and that many bytes; length -1 is null, which comes back as an empty span.</summary>
    public static ReadOnlySpan<byte> ReadNullable(ReadOnlySpan<byte> source, scoped ref int position, out bool isNull)
    {
        int length = ReadInt(source, ref position);
        isNull = length == -1;
        if (isNull)
        {
            return default;
        }

        if ((uint)length > (uint)(source.Length - position))
        {
            ThrowBadLength(length);
        }

        ReadOnlySpan<byte> bytes = source.Slice(position, length);
        position += length;
        return bytes;
    }

    [DoesNotReturn]
    public static void ThrowBadLength(int length) =>
        throw new RecordFormatException($"A length of {length} in a record does not fit the bytes that are there.");

    [DoesNotReturn]
    private static void ThrowBadVarint() =>
        throw new RecordFormatException("A number in a record is cut off or too long.");
}
