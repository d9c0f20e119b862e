using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// One way of packing the records of a batch. Codecs are stateless to their callers and may be used
/// by several threads at once.
/// </summary>
public interface ICompressionCodec
{
    /// <summary>The value in the batch attributes that means this codec.</summary>
    CompressionType Type { get; }

    /// <summary>Whether the codec works on this machine; if not, the reason names the package to install.</summary>
    bool IsAvailable(out string reason);

    /// <summary>
    /// Packs <paramref name="source"/> into <paramref name="destination"/>, in the framing Kafka's clients read.
    /// <see cref="NotSupportedException"/> when not available.
    /// </summary>
    /// <param name="source">What to pack.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="level">
    /// The effort, in the numbers of Kafka's compression.*.level (KIP-390); null for the default. Codecs without levels
    /// ignore it.
    /// </param>
    void Compress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int? level = null);

    /// <summary>
    /// Unpacks the whole of <paramref name="source"/> into <paramref name="destination"/>. Memory is asked for
    /// only as output comes, never on the word of a size in the input.
    /// <see cref="RecordFormatException"/> when the input is corrupt or cut off, or when the output would exceed
    /// <paramref name="sizeMaxBytes"/>; <see cref="NotSupportedException"/> when not available.
    /// </summary>
    void Decompress(in ReadOnlySequence<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes);

    /// <inheritdoc cref="Decompress(in ReadOnlySequence{byte}, IBufferWriter{byte}, int)"/>
    void Decompress(ReadOnlySpan<byte> source, IBufferWriter<byte> destination, int sizeMaxBytes);
}
