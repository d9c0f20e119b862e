using System.Buffers;

namespace FastLog.Protocol.Tests.Model;

/// <summary>Sequences of several segments, as a socket's blocks form them.</summary>
internal static class SplitSequence
{
    /// <summary>The bytes cut at random places, some segments empty.</summary>
    public static ReadOnlySequence<byte> Random(ReadOnlyMemory<byte> bytes, Random random)
    {
        int[] cuts = Enumerable.Range(0, random.Next(1, 12))
            .Select(_ => random.Next(bytes.Length + 1))
            .Order()
            .ToArray();
        return At(bytes, cuts);
    }

    /// <summary>The bytes with every one in a segment of its own.</summary>
    public static ReadOnlySequence<byte> Bytewise(ReadOnlyMemory<byte> bytes) =>
        At(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)).ToArray());

    private static ReadOnlySequence<byte> At(ReadOnlyMemory<byte> bytes, int[] cuts)
    {
        var first = new Segment(bytes[..(cuts.Length == 0 ? bytes.Length : cuts[0])], null);
        Segment last = first;
        for (int i = 0; i < cuts.Length; i++)
        {
            int end = i + 1 < cuts.Length ? cuts[i + 1] : bytes.Length;
            last = new Segment(bytes[cuts[i]..end], last);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, Segment? previous)
        {
            Memory = memory;
            if (previous is not null)
            {
                RunningIndex = previous.RunningIndex + previous.Memory.Length;
                previous.Next = this;
            }
        }
    }
}
