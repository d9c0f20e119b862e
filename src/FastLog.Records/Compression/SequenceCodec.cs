using System.Buffers;

namespace FastLog.Records;

/// <summary>What codecs have in common: a span is decoded as a sequence of one segment.</summary>
internal abstract class SequenceCodec : ICompressionCodec
{
    public abstract CompressionType Type { get; }

    public abstract bool IsAvailable(out string reason);

    public abstract void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null);

    public abstract void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes);

    public unsafe void Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        fixed (byte* start = source)
        {
            PinnedSpanMemory memory = PinnedSpanMemory.Borrow(start, source.Length);
            try
            {
                Decompress(memory.Sequence, destination, sizeMaxBytes);
            }
            finally
            {
                memory.Return();
            }
        }
    }
}
