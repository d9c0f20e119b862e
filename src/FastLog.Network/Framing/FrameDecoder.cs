using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Network;

/// <summary>What <see cref="FrameDecoder.TryTake"/> found at the start of a buffer.</summary>
public enum FrameStatus
{
    /// <summary>A whole frame was taken.</summary>
    Complete,

    /// <summary>More bytes are needed.</summary>
    Incomplete,

    /// <summary>The size field is negative or above the limit; the connection cannot go on.</summary>
    BadSize,
}

/// <summary>
/// Cuts a stream of bytes into frames: a size as big-endian i32, then that many bytes. Pure; holds nothing.
/// </summary>
public static class FrameDecoder
{
    /// <summary>The length of the size field.</summary>
    public const int SizeFieldBytes = 4;

    /// <summary>Takes the first frame off <paramref name="buffer"/>, if it is whole.</summary>
    /// <param name="buffer">The received bytes; moved behind the frame when one is taken.</param>
    /// <param name="frameBytesMax">The largest size that is legal.</param>
    /// <param name="frame">The frame without its size field, a slice of <paramref name="buffer"/>.</param>
    /// <param name="sizeBytes">The value of the size field; 0 while it is not there in full.</param>
    public static FrameStatus TryTake(
        ref ReadOnlySequence<byte> buffer, int frameBytesMax, out ReadOnlySequence<byte> frame, out int sizeBytes)
    {
        frame = default;
        if (!TryReadSize(buffer, out sizeBytes))
        {
            return FrameStatus.Incomplete;
        }

        if (sizeBytes < 0 || sizeBytes > frameBytesMax)
        {
            return FrameStatus.BadSize;
        }

        if (buffer.Length - SizeFieldBytes < sizeBytes)
        {
            return FrameStatus.Incomplete;
        }

        ReadOnlySequence<byte> rest = buffer.Slice(SizeFieldBytes);
        frame = rest.Slice(0, sizeBytes);
        buffer = rest.Slice(frame.End);
        return FrameStatus.Complete;
    }

    private static bool TryReadSize(in ReadOnlySequence<byte> buffer, out int sizeBytes)
    {
        ReadOnlySpan<byte> first = buffer.FirstSpan;
        if (first.Length >= SizeFieldBytes)
        {
            sizeBytes = BinaryPrimitives.ReadInt32BigEndian(first);
            return true;
        }

        sizeBytes = 0;
        if (buffer.Length < SizeFieldBytes)
        {
            return false;
        }

        Span<byte> field = stackalloc byte[SizeFieldBytes];
        buffer.Slice(0, SizeFieldBytes).CopyTo(field);
        sizeBytes = BinaryPrimitives.ReadInt32BigEndian(field);
        return true;
    }
}
