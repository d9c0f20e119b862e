using System.Buffers;

namespace FastLog.Network;

/// <summary>One link of a chain of blocks that a <see cref="ReadOnlySequence{T}"/> looks at.</summary>
internal sealed class BlockSegment : ReadOnlySequenceSegment<byte>
{
    /// <summary>The block that holds the bytes; this segment is one of its owners.</summary>
    public PinnedBlock? Block { get; private set; }

    /// <summary>The following segment, or the next one in a list of spare segments.</summary>
    public BlockSegment? NextSegment => (BlockSegment?)Next;

    /// <summary>Takes ownership of <paramref name="block"/>; <paramref name="memory"/> is the part in use.</summary>
    public void Take(PinnedBlock block, ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Invariant.Check(Block is null, "a segment in use was given a block");
        Block = block;
        Memory = memory;
        RunningIndex = runningIndex;
    }

    /// <summary>Shows more of the block after a receive.</summary>
    public void Show(ReadOnlyMemory<byte> memory) => Memory = memory;

    public void LinkTo(BlockSegment? next) => Next = next;

    /// <summary>Gives the block up and leaves the segment ready for another.</summary>
    public void Release()
    {
        PinnedBlock? block = Block;
        Block = null;
        Memory = default;
        Next = null;
        RunningIndex = 0;
        block?.Dispose();
    }
}
