using System.Buffers;

namespace FastLog.Benchmarks.Inputs;

/// <summary>Bytes in pieces, as a socket's blocks hold them.</summary>
internal sealed class Pieces : ReadOnlySequenceSegment<byte>
{
    private Pieces(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>The same bytes, each piece in an array of its own so that none follows the other in memory.</summary>
    public static ReadOnlySequence<byte> Of(ReadOnlySpan<byte> bytes, int pieceBytes)
    {
        Pieces first = new(bytes[..Math.Min(pieceBytes, bytes.Length)].ToArray(), 0);
        Pieces last = first;
        for (int from = pieceBytes; from < bytes.Length; from += pieceBytes)
        {
            Pieces next = new(bytes.Slice(from, Math.Min(pieceBytes, bytes.Length - from)).ToArray(), from);
            last.Next = next;
            last = next;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }
}
