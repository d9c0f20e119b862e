using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Zstandard frames, by libzstd. Written: one frame at level 3, zstd's and Kafka's default. Read by
/// streaming, so that neither a content size nor a window size in the input is taken on its word:
/// windows are mapped by libzstd but touched only as output fills them.
/// </summary>
internal sealed class ZstdCodec : SequenceCodec
{
    private const int DefaultLevel = 3;

    /// <summary>A context grown beyond this, by a frame with a large window, is freed rather than kept.</summary>
    private const int ContextKeptSizeMaxBytes = 16 << 20;

    private readonly NativeCodecLibrary _library;

    public ZstdCodec()
        : this(new NativeCodecLibrary("zstd", ZstdNative.FileName, "libzstd1", "ZSTD_DCtx_reset"))
    {
    }

    internal ZstdCodec(NativeCodecLibrary library) => _library = library;

    public override CompressionType Type => CompressionType.Zstd;

    public override bool IsAvailable(out string reason) => _library.IsAvailable(out reason);

    public override unsafe void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        _library.ThrowIfMissing();
        ZstdCompressionContext context = IdleContext<ZstdCompressionContext>.Take();
        nuint bound = ZstdNative.CompressBound((nuint)source.Length);
        Span<byte> output = destination.GetSpan(checked((int)bound));
        nuint written;
        fixed (byte* from = source, to = output)
        {
            written = ZstdNative.Compress(context.Pointer, to, (nuint)output.Length, from, (nuint)source.Length, level ?? DefaultLevel);
        }

        IdleContext<ZstdCompressionContext>.Return(context);
        Invariant.Check(ZstdNative.IsError(written) == 0, "libzstd packs anything into a buffer of the bound's size.");
        destination.Advance((int)written);
    }

    public override void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        _library.ThrowIfMissing();
        ZstdDecompressionContext context = IdleContext<ZstdDecompressionContext>.Take();
        bool isFrameOpen = true;
        try
        {
            context.Reset();
            foreach (ReadOnlyMemory<byte> segment in source)
            {
                DecompressSegment(context, segment.Span, ref output, ref isFrameOpen);
            }
        }
        finally
        {
            Keep(context);
        }

        if (isFrameOpen)
        {
            throw new RecordFormatException("A zstd frame is cut off.");
        }
    }

    private static unsafe void DecompressSegment(
        ZstdDecompressionContext context, ReadOnlySpan<byte> segment, ref BoundedOutput output, ref bool isFrameOpen)
    {
        fixed (byte* from = segment)
        {
            ZstdNative.Input input = new() { Source = from, Size = (nuint)segment.Length };
            bool isOutputFull = false;
            while (input.Position < input.Size || (isOutputFull && isFrameOpen))
            {
                Span<byte> chunk = output.GetSpan();
                nuint hint;
                int written;
                fixed (byte* to = chunk)
                {
                    ZstdNative.Output part = new() { Destination = to, Size = (nuint)chunk.Length };
                    hint = ZstdNative.DecompressStream(context.Pointer, &part, &input);
                    written = (int)part.Position;
                }

                if (ZstdNative.IsError(hint) != 0)
                {
                    throw new RecordFormatException("A zstd frame is corrupt.");
                }

                isOutputFull = written == chunk.Length;
                isFrameOpen = hint != 0;
                output.Advance(written);
            }
        }
    }

    private static void Keep(ZstdDecompressionContext context)
    {
        if (context.SizeInBytes > ContextKeptSizeMaxBytes)
        {
            context.Dispose();
            return;
        }

        IdleContext<ZstdDecompressionContext>.Return(context);
    }
}

/// <summary>A ZSTD_CCtx.</summary>
internal sealed class ZstdCompressionContext : NativeContext
{
    public ZstdCompressionContext()
    {
        SetHandle(ZstdNative.CreateCompressionContext());
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("libzstd found no memory for a compression context.");
        }
    }

    protected override bool ReleaseHandle()
    {
        ZstdNative.FreeCompressionContext(handle);
        return true;
    }
}

/// <summary>A ZSTD_DCtx.</summary>
internal sealed class ZstdDecompressionContext : NativeContext
{
    public ZstdDecompressionContext()
    {
        SetHandle(ZstdNative.CreateDecompressionContext());
        if (IsInvalid)
        {
            throw new InsufficientMemoryException("libzstd found no memory for a decompression context.");
        }
    }

    /// <summary>Native memory held.</summary>
    public long SizeInBytes => (long)ZstdNative.SizeOfDecompressionContext(handle);

    /// <summary>Makes ready for a new frame, whatever became of the last.</summary>
    public void Reset() => ZstdNative.ResetDecompressionContext(handle, ZstdNative.ResetSessionOnly);

    protected override bool ReleaseHandle()
    {
        ZstdNative.FreeDecompressionContext(handle);
        return true;
    }
}
