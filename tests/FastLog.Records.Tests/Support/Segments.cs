using System.Buffers;

namespace FastLog.Records.Tests;

/// <summary>Cuts bytes into sequences of many segments, empty ones among them.</summary>
internal static class Segments
{
    public static ReadOnlySequence<byte> Cut(ReadOnlyMemory<byte> bytes, params IEnumerable<int> cuts)
    {
        Segment first = new(default, 0);
        Segment last = first;
        int from = 0;
        foreach (int cut in cuts.Append(bytes.Length))
        {
            last = last.Append(bytes[from..cut]);
            from = cut;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    public static ReadOnlySequence<byte> CutAtRandom(ReadOnlyMemory<byte> bytes, Random random, int cutsMax)
    {
        int[] cuts = new int[random.Next(cutsMax + 1)];
        for (int i = 0; i < cuts.Length; i++)
        {
            cuts[i] = random.Next(bytes.Length + 1);
        }

        Array.Sort(cuts);
        return Cut(bytes, cuts);
    }

    public static ReadOnlySequence<byte> CutEverywhere(ReadOnlyMemory<byte> bytes) =>
        Cut(bytes, Enumerable.Range(1, Math.Max(0, bytes.Length - 1)));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            Segment next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
