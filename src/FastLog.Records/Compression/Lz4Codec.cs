using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// LZ4 frames, by liblz4. Written as Kafka's Java client writes them: independent blocks of 64 KiB, no
/// checksums, no content size. Read: any frame of independent blocks, also several in a row.
/// </summary>
internal sealed class Lz4Codec : SequenceCodec
{
    private const int BlockSizeId64KiB = 4;
    private const int BlockModeIndependent = 1;
    private const int FlagsOffset = 4;
    private const byte IndependentBlocksBit = 0x20;

    // As with Kafka's Java client, the default level means the fast packer and any other one the thorough packer.
    private const int DefaultLevel = 9;
    private const int FastLevel = 0;
    private const int HighLevelMax = 12;

    private readonly NativeCodecLibrary _library;

    public Lz4Codec()
        : this(new NativeCodecLibrary("lz4", Lz4Native.FileName, "liblz4-1", "LZ4F_resetDecompressionContext"))
    {
    }

    internal Lz4Codec(NativeCodecLibrary library) => _library = library;

    public override CompressionType Type => CompressionType.Lz4;

    public override bool IsAvailable(out string reason) => _library.IsAvailable(out reason);

    public override unsafe void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _library.ThrowIfMissing();
        Lz4Native.Preferences preferences = new()
        {
            BlockSizeId = BlockSizeId64KiB,
            BlockMode = BlockModeIndependent,
            CompressionLevel = level is null or DefaultLevel ? FastLevel : Math.Min(level.Value, HighLevelMax),
        };
        nuint bound = Lz4Native.CompressFrameBound((nuint)source.Length, &preferences);
        Span<byte> output = destination.GetSpan(checked((int)bound));
        fixed (byte* from = source, to = output)
        {
            nuint written = Lz4Native.CompressFrame(to, (nuint)output.Length, from, (nuint)source.Length, &preferences);
            Invariant.Check(!Lz4Native.IsError(written), "liblz4 packs anything into a buffer of the bound's size.");
            destination.Advance((int)written);
        }
    }

    public override void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        _library.ThrowIfMissing();
        CheckBlocksAreIndependent(source);
        Lz4DecompressionContext context = IdleContext<Lz4DecompressionContext>.Take();
        context.Reset();
        bool isFrameOpen = true;
        try
        {
            foreach (ReadOnlyMemory<byte> segment in source)
            {
                DecompressSegment(context, segment.Span, ref output, ref isFrameOpen);
            }
        }
        finally
        {
            IdleContext<Lz4DecompressionContext>.Return(context);
        }

        if (isFrameOpen)
        {
            throw new RecordFormatException("An lz4 frame is cut off.");
        }
    }

    private static unsafe void DecompressSegment(
        Lz4DecompressionContext context, ReadOnlySpan<byte> segment, ref BoundedOutput output, ref bool isFrameOpen)
    {
        fixed (byte* from = segment)
        {
            int consumed = 0;
            bool isOutputFull = false;
            while (consumed < segment.Length || (isOutputFull && isFrameOpen))
            {
                Span<byte> chunk = output.GetSpan();
                nuint sourceSize = (nuint)(segment.Length - consumed);
                nuint destinationSize = (nuint)chunk.Length;
                nuint hint;
                fixed (byte* to = chunk)
                {
                    hint = Lz4Native.Decompress(context.Pointer, to, &destinationSize, from + consumed, &sourceSize, null);
                }

                if (Lz4Native.IsError(hint))
                {
                    throw new RecordFormatException("An lz4 frame is corrupt.");
                }

                consumed += (int)sourceSize;
                isOutputFull = (int)destinationSize == chunk.Length;
                isFrameOpen = hint != 0;
                output.Advance((int)destinationSize);
            }
        }
    }

    // Java clients, and so Kafka's broker, cannot read linked blocks: taking them would store what consumers choke on.
    private static void CheckBlocksAreIndependent(in ReadOnlySequence<byte> source)
    {
        if (source.Length <= FlagsOffset)
        {
            throw new RecordFormatException("An lz4 frame is shorter than its header.");
        }

        byte flags = source.Slice(FlagsOffset).FirstSpan[0];
        if ((flags & IndependentBlocksBit) == 0)
        {
            throw new RecordFormatException("An lz4 frame has blocks that depend on each other.");
        }
    }
}

/// <summary>An LZ4F_dctx.</summary>
internal sealed unsafe class Lz4DecompressionContext : NativeContext
{
    public Lz4DecompressionContext()
    {
        nint context;
        nuint result = Lz4Native.CreateDecompressionContext(&context, Lz4Native.InterfaceVersion);
        if (Lz4Native.IsError(result))
        {
            throw new InsufficientMemoryException("liblz4 found no memory for a decompression context.");
        }

        SetHandle(context);
    }

    /// <summary>Makes ready for a new frame, whatever became of the last.</summary>
    public void Reset() => Lz4Native.ResetDecompressionContext(handle);

    protected override bool ReleaseHandle()
    {
        Lz4Native.FreeDecompressionContext(handle);
        return true;
    }
}
