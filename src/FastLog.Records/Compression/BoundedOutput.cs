using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastLog.Records;

/// <summary>
/// Where a decoder writes: chunks of the destination, up to a bound in all. Chunks are a byte longer
/// than the bound allows, so that a decoder with more to say is seen to go over it.
/// </summary>
internal ref struct BoundedOutput
{
    private const int ChunkSizeMinBytes = 4096;

    private readonly IBufferWriter<byte> _destination;
    private readonly int _sizeMaxBytes;
    private int _written;

    public BoundedOutput(IBufferWriter<byte> destination, int sizeMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeMaxBytes);
        _destination = destination;
        _sizeMaxBytes = sizeMaxBytes;
    }

    /// <summary>Bytes that may still be written.</summary>
    public readonly int LeftBytes => _sizeMaxBytes - _written;

    /// <summary>The next chunk to write to, at least one byte long.</summary>
    public readonly Span<byte> GetSpan()
    {
        long usefulBytes = (long)LeftBytes + 1;
        Span<byte> span = _destination.GetSpan((int)Math.Min(usefulBytes, ChunkSizeMinBytes));
        return span.Length > usefulBytes ? span[..(int)usefulBytes] : span;
    }

    /// <summary>A chunk of exactly <paramref name="size"/> bytes, whose size the caller has reason to believe.</summary>
    public readonly Span<byte> GetSpan(int size)
    {
        if (size > LeftBytes)
        {
            ThrowTooLarge();
        }

        return _destination.GetSpan(Math.Max(size, 1))[..size];
    }

    /// <summary>Takes <paramref name="count"/> bytes of the last chunk as written.</summary>
    public void Advance(int count)
    {
        if (count > LeftBytes)
        {
            ThrowTooLarge();
        }

        _destination.Advance(count);
        _written += count;
    }

    /// <summary>Copies <paramref name="bytes"/> to the output.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LeftBytes)
        {
            ThrowTooLarge();
        }

        _destination.Write(bytes);
        _written += bytes.Length;
    }

    [DoesNotReturn]
    private readonly void ThrowTooLarge() =>
        throw new RecordFormatException($"The records unpack to more than the {_sizeMaxBytes} bytes allowed.")
        {
            IsSizeExceeded = true,
        };
}
