using System.Buffers;

namespace FastLog.Records;

/// <summary>Not packing at all, so that callers need no special case.</summary>
internal sealed class NoneCodec : ICompressionCodec
{
    public CompressionType Type => CompressionType.None;

    public bool IsAvailable(out string reason)
    {
        reason = "";
        return true;
    }

    public void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null) => destination.Write(source);

    public void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        foreach (ReadOnlyMemory<byte> segment in source)
        {
            output.Write(segment.Span);
        }
    }

    public void Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes) =>
        new BoundedOutput(destination, sizeMaxBytes).Write(source);
}
