using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FastLog.Records;

/// <summary>
/// Snappy's raw block format: the plain length as an unsigned varint, then literals and copies from
/// what was put out before. Decoding writes straight into the output and allocates nothing.
/// </summary>
internal static class SnappyBlock
{
    /// <summary>A copy of three bytes yields at most 64: no block unpacks to more than 22 times its size.</summary>
    private const int ExpansionMax = 22;

    private const int LiteralTag = 0;
    private const int CopyNearTag = 1;
    private const int CopyFarTag = 2;
    private const int CopyLengthMaxBytes = 64;

    private const int StrideBytes = 16;

    private const int HashBits = 12;
    private const int MatchSizeMinBytes = 4;

    // The encoder reads eight bytes ahead of where it hashes, so the last bytes always go as a literal.
    private const int InputMarginBytes = 15;

    /// <summary>Most bytes that a block of <paramref name="length"/> plain bytes packs to.</summary>
    public static int CompressedSizeMaxBytes(int length) => 32 + length + (length / 6);

    /// <summary>Unpacks one block; <see cref="RecordFormatException"/> when it is not one.</summary>
    public static void Decompress(ReadOnlySpan<byte> source, ref BoundedOutput destination)
    {
        if (!Varint.TryReadUnsigned(source, out uint plainLength, out int position))
        {
            ThrowCorrupt();
        }

        // The declared length is believed only as far as the bytes there could bear it out.
        if (plainLength > (ulong)source.Length * ExpansionMax)
        {
            ThrowCorrupt();
        }

        Span<byte> output = destination.GetSpan((int)plainLength);
        int written = 0;
        while (position < source.Length)
        {
            int tag = source[position++];
            if ((tag & 3) == LiteralTag)
            {
                int length = ReadLiteralLength(source, tag, ref position);
                if (length > source.Length - position || length > output.Length - written)
                {
                    ThrowCorrupt();
                }

                CopyLiteral(source, position, output, written, length);
                position += length;
                written += length;
            }
            else
            {
                int length = ReadCopy(source, tag, ref position, out int distance);
                if (distance <= 0 || distance > written || length > output.Length - written)
                {
                    ThrowCorrupt();
                }

                CopyWithin(output, written, distance, length);
                written += length;
            }
        }

        if (written != output.Length)
        {
            ThrowCorrupt();
        }

        destination.Advance(written);
    }

    /// <summary>Packs one block of at most 64 KiB; the destination has room for <see cref="CompressedSizeMaxBytes"/>. Returns its size.</summary>
    public static int Compress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Invariant.Check(source.Length <= ushort.MaxValue + 1, "The hash table holds 16-bit positions.");
        int written = Varint.WriteUnsigned(destination, (uint)source.Length);
        Span<ushort> positions = stackalloc ushort[1 << HashBits];
        positions.Clear();
        int literalStart = 0;
        int position = 1;
        int limit = source.Length - InputMarginBytes;
        while (position < limit)
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);
            ref ushort slot = ref positions[(int)((word * 0x1e35a7bd) >> (32 - HashBits))];
            int candidate = slot;
            slot = (ushort)position;
            if (candidate >= position || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word)
            {
                // The longer nothing matches, the larger the steps: data that does not pack goes by fast.
                position += 1 + ((position - literalStart) >> 5);
                continue;
            }

            int length = MatchSizeMinBytes + source[(position + MatchSizeMinBytes)..]
                .CommonPrefixLength(source[(candidate + MatchSizeMinBytes)..]);
            written = WriteLiteral(source[literalStart..position], destination, written);
            written = WriteCopies(position - candidate, length, destination, written);
            position += length;
            literalStart = position;
        }

        return WriteLiteral(source[literalStart..], destination, written);
    }

    // Up to 60 bytes the tag holds the length less one; above, it says in how many bytes the length follows.
    private static int ReadLiteralLength(ReadOnlySpan<byte> source, int tag, ref int position)
    {
        int code = tag >> 2;
        if (code < 60)
        {
            return code + 1;
        }

        int sizeBytes = code - 59;
        if (sizeBytes > source.Length - position)
        {
            ThrowCorrupt();
        }

        uint lengthLessOne = 0;
        for (int i = 0; i < sizeBytes; i++)
        {
            lengthLessOne |= (uint)source[position + i] << (8 * i);
        }

        position += sizeBytes;
        if (lengthLessOne >= int.MaxValue)
        {
            ThrowCorrupt();
        }

        return (int)lengthLessOne + 1;
    }

    private static int ReadCopy(ReadOnlySpan<byte> source, int tag, ref int position, out int distance)
    {
        int kind = tag & 3;
        int distanceBytes = kind == CopyNearTag ? 1 : kind == CopyFarTag ? 2 : 4;
        if (distanceBytes > source.Length - position)
        {
            ThrowCorrupt();
        }

        ReadOnlySpan<byte> at = source[position..];
        position += distanceBytes;
        switch (kind)
        {
            case CopyNearTag:
                distance = ((tag & 0xe0) << 3) | at[0];
                return MatchSizeMinBytes + ((tag >> 2) & 7);
            case CopyFarTag:
                distance = BinaryPrimitives.ReadUInt16LittleEndian(at);
                return 1 + (tag >> 2);
            default:
                // As a signed number, a distance beyond any block turns negative and is refused like 0.
                distance = BinaryPrimitives.ReadInt32LittleEndian(at);
                return 1 + (tag >> 2);
        }
    }

    /// <summary>
    /// Copies of <see cref="StrideBytes"/> at a time may write past the length asked for, but never past the
    /// output's end, and what they write there is written again: a block fills its output exactly or is refused.
    /// </summary>
    private static void CopyLiteral(ReadOnlySpan<byte> source, int position, Span<byte> output, int written, int length)
    {
        if (length <= StrideBytes && source.Length - position >= StrideBytes && output.Length - written >= StrideBytes)
        {
            Vector128.Create(source[position..]).CopyTo(output[written..]);
            return;
        }

        source.Slice(position, length).CopyTo(output[written..]);
    }

    // An overlapping copy repeats the last bytes: strides must not be longer than the distance they reach back.
    private static void CopyWithin(Span<byte> output, int written, int distance, int length)
    {
        Span<byte> to = output[written..];
        ReadOnlySpan<byte> from = output[(written - distance)..];
        if (distance >= StrideBytes && to.Length >= length + StrideBytes)
        {
            for (int i = 0; i < length; i += StrideBytes)
            {
                Vector128.Create(from[i..]).CopyTo(to[i..]);
            }
        }
        else if (distance >= sizeof(ulong) && to.Length >= length + sizeof(ulong))
        {
            for (int i = 0; i < length; i += sizeof(ulong))
            {
                MemoryMarshal.Write(to[i..], MemoryMarshal.Read<ulong>(from[i..]));
            }
        }
        else if (distance == 1)
        {
            to[..length].Fill(from[0]);
        }
        else
        {
            for (int i = 0; i < length; i++)
            {
                to[i] = from[i];
            }
        }
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> destination, int written)
    {
        if (literal.IsEmpty)
        {
            return written;
        }

        int lengthLessOne = literal.Length - 1;
        if (lengthLessOne < 60)
        {
            destination[written++] = (byte)(lengthLessOne << 2);
        }
        else if (lengthLessOne <= byte.MaxValue)
        {
            destination[written++] = 60 << 2;
            destination[written++] = (byte)lengthLessOne;
        }
        else
        {
            destination[written++] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(destination[written..], (ushort)lengthLessOne);
            written += sizeof(ushort);
        }

        literal.CopyTo(destination[written..]);
        return written + literal.Length;
    }

    private static int WriteCopies(int distance, int length, Span<byte> destination, int written)
    {
        while (length > 0)
        {
            // A rest of under four bytes would do as well, the far form takes any length from 1.
            int part = Math.Min(length, CopyLengthMaxBytes);
            if (part is >= MatchSizeMinBytes and <= 11 && distance < 2048)
            {
                destination[written++] = (byte)(CopyNearTag | ((part - MatchSizeMinBytes) << 2) | (distance >> 8 << 5));
                destination[written++] = (byte)distance;
            }
            else
            {
                destination[written++] = (byte)(CopyFarTag | ((part - 1) << 2));
                BinaryPrimitives.WriteUInt16LittleEndian(destination[written..], (ushort)distance);
                written += sizeof(ushort);
            }

            length -= part;
        }

        return written;
    }

    [DoesNotReturn]
    private static void ThrowCorrupt() => throw new RecordFormatException("A snappy block is corrupt or cut off.");
}
