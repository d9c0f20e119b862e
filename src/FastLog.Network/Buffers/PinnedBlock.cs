using System.Buffers;

namespace FastLog.Network;

/// <summary>
/// One block of a <see cref="PinnedBlockPool"/>: pinned bytes with a count of owners.
/// </summary>
/// <remarks>Each owner calls <see cref="Dispose"/> once; the block may be rented again right after the last one did.
/// </remarks>
public sealed class PinnedBlock : IMemoryOwner<byte>
{
    private readonly PinnedBlockPool _pool;
    private int _owners;

    internal PinnedBlock(PinnedBlockPool pool, int classIndex, int sizeBytes)
    {
        _pool = pool;
        ClassIndex = classIndex;
        Array = GC.AllocateUninitializedArray<byte>(sizeBytes, pinned: true);
    }

    /// <summary>The bytes; what an earlier renter left in them is still there.</summary>
    public Memory<byte> Memory => Array;

    /// <summary>The size of the block in bytes.</summary>
    public int Capacity => Array.Length;

    /// <summary>Whether somebody besides the asking owner has the block.</summary>
    internal bool IsShared => Volatile.Read(ref _owners) > 1;

    internal byte[] Array { get; }

    internal int ClassIndex { get; }

    internal PinnedBlock? NextFree { get; set; }

    /// <summary>Adds an owner, who must call <see cref="Dispose"/> too.</summary>
    public void Retain()
    {
        int owners = Interlocked.Increment(ref _owners);
        Invariant.Check(owners > 1, "a block without an owner was retained");
    }

    /// <summary>Gives up one ownership.</summary>
    public void Dispose()
    {
        int owners = Interlocked.Decrement(ref _owners);
        Invariant.Check(owners >= 0, "a block was released more often than owned");
        if (owners == 0)
        {
            _pool.Return(this);
        }
    }

    internal void TakeFirstOwner()
    {
        int owners = Interlocked.Increment(ref _owners);
        Invariant.Check(owners == 1, "a free block had an owner");
    }
}
