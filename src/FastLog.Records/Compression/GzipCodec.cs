using System.Buffers;
using System.IO.Compression;

namespace FastLog.Records;

/// <summary>
/// RFC 1952 streams, by the runtime's own zlib. Several members in a row are read as one. The runtime
/// offers gzip as streams only, which cannot be reused: a call allocates a few small objects.
/// </summary>
internal sealed class GzipCodec : SequenceCodec
{
    /// <summary>
    /// <see cref="GZipStream"/> takes input that stops anywhere for input that ends. So one more member,
    /// with this content, is fed to it afterwards: it comes out as it is only when the member before was whole.
    /// </summary>
    private static readonly byte[] Marker = "whole to the end"u8.ToArray();
    private static readonly byte[] MarkerMember = Pack(Marker);

    public override CompressionType Type => CompressionType.Gzip;

    public override bool IsAvailable(out string reason)
    {
        reason = "";
        return true;
    }

    public override void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        using BufferWriteStream output = new(destination);
        using GZipStream gzip = level is >= 1 and <= 9
            ? new(output, new ZLibCompressionOptions { CompressionLevel = level.Value })
            : new(output, CompressionLevel.Optimal);
        gzip.Write(source);

        // A stream that was written nothing leaves out even the header and the end of the member.
        if (source.IsEmpty)
        {
            destination.Write(EmptyMember);
        }
    }

    public override void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        BoundedOutput output = new(destination, sizeMaxBytes);
        if (source.IsEmpty)
        {
            throw new RecordFormatException("A gzip stream is empty.");
        }

        using SequenceReadStream input = new(source);
        using GZipStream gzip = new(input, CompressionMode.Decompress);
        try
        {
            int count;
            while ((count = gzip.Read(output.GetSpan())) > 0)
            {
                output.Advance(count);
            }

            input.ContinueWith(new ReadOnlySequence<byte>(MarkerMember));
            CheckMarkerFollows(gzip);
        }
        catch (InvalidDataException e)
        {
            throw new RecordFormatException("A gzip stream is corrupt or cut off.", e);
        }
    }

    /// <summary>RFC 1952 header without options, a final empty block, CRC 0 and length 0.</summary>
    private static ReadOnlySpan<byte> EmptyMember =>
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static void CheckMarkerFollows(GZipStream gzip)
    {
        Span<byte> tail = stackalloc byte[Marker.Length + 1];
        int count = gzip.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        if (!tail[..count].SequenceEqual(Marker))
        {
            throw new RecordFormatException("A gzip stream is cut off, or followed by other bytes.");
        }
    }

    private static byte[] Pack(byte[] plain)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }
}
