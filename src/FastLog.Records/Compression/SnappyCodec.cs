using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Records;

/// <summary>
/// Snappy blocks. Written in the xerial framing that Kafka's clients write: a 16-byte header, then
/// blocks of up to 32 KiB, each with its packed size in front. Read: that, or one raw block.
/// </summary>
internal sealed class SnappyCodec : SequenceCodec
{
    private const int BlockSizeBytes = 32 * 1024;
    private const int BlockLengthBytes = sizeof(int);

    /// <summary>Magic, then version 1 and lowest compatible version 1, both i32.</summary>
    private static ReadOnlySpan<byte> XerialHeader =>
        [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> XerialMagic => XerialHeader[..8];

    public override CompressionType Type => CompressionType.Snappy;

    public override bool IsAvailable(out string reason)
    {
        reason = "";
        return true;
    }

    public override void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(XerialHeader);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> block = source[..Math.Min(source.Length, BlockSizeBytes)];
            source = source[block.Length..];
            Span<byte> output = destination.GetSpan(BlockLengthBytes + SnappyBlock.CompressedSizeMaxBytes(block.Length));
            int written = SnappyBlock.Compress(block, output[BlockLengthBytes..]);
            BinaryPrimitives.WriteInt32BigEndian(output, written);
            destination.Advance(BlockLengthBytes + written);
        }
    }

    public override void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        if (source.IsSingleSegment)
        {
            Decompress(source.FirstSpan, ref output);
            return;
        }

        // Blocks refer to bytes anywhere within them: decoding over borders would cost more than this copy.
        using ScratchBuffer scratch = ScratchBuffer.Borrow();
        foreach (ReadOnlyMemory<byte> segment in source)
        {
            scratch.Writer.Write(segment.Span);
        }

        Decompress(scratch.Writer.WrittenSpan, ref output);
    }

    private static void Decompress(ReadOnlySpan<byte> source, ref BoundedOutput output)
    {
        if (!source.StartsWith(XerialMagic))
        {
            SnappyBlock.Decompress(source, ref output);
            return;
        }

        if (source.Length < XerialHeader.Length)
        {
            throw new RecordFormatException("A snappy stream is shorter than its header.");
        }

        source = source[XerialHeader.Length..];
        while (!source.IsEmpty)
        {
            if (source.Length < BlockLengthBytes)
            {
                throw new RecordFormatException("A snappy stream is cut off.");
            }

            int length = BinaryPrimitives.ReadInt32BigEndian(source);
            source = source[BlockLengthBytes..];
            if ((uint)length > (uint)source.Length)
            {
                throw new RecordFormatException($"A snappy stream has a block of {length} bytes where {source.Length} are left.");
            }

            SnappyBlock.Decompress(source[..length], ref output);
            source = source[length..];
        }
    }
}
