using System.Buffers;
using System.IO.Compression;

namespace FastLog.Records;

/// <summary>
/// RFC 1952 streams, by the runtime's own zlib. Several members in a row are read as one. The runtime
/// offers gzip as streams only, which cannot be reused: a call allocates a few small objects.
/// </summary>
internal sealed class GzipCodec : SequenceCodec
{
    public override CompressionType Type => CompressionType.Gzip;

    public override bool IsAvailable(out string reason)
    {
        reason = "";
        return true;
    }

    public override void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using BufferWriteStream output = new(destination);
        using GZipStream gzip = new(output, CompressionLevel.Optimal);
        gzip.Write(source);
    }

    public override void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        using SequenceReadStream input = new(source);
        using GZipStream gzip = new(input, CompressionMode.Decompress);
        try
        {
            int count;
            while ((count = gzip.Read(output.GetSpan())) > 0)
            {
                output.Advance(count);
            }
        }
        catch (InvalidDataException e)
        {
            throw new RecordFormatException("A gzip stream is corrupt or cut off.", e);
        }
    }
}
