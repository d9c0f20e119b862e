using System.Buffers;

namespace FastLog.Network;

/// <summary>
/// Blocks of pinned memory in a few sizes, kept for reuse up to a bound.
/// </summary>
/// <remarks>
/// The arrays live on the pinned object heap, so that a socket or a vectored write takes their address without
/// pinning and the garbage collector never has to move around them. A block is handed out with one owner and may get
/// more (<see cref="PinnedBlock.Retain"/>); it returns to the pool with its last owner. Any thread may rent and
/// release. Blocks above <see cref="LargestPooledBytes"/> are made to measure and not kept.
/// </remarks>
public sealed class PinnedBlockPool : MemoryPool<byte>
{
    /// <summary>What a connection holds while it waits for a request.</summary>
    public const int SmallBytes = 4 * 1024;

    /// <summary>What a connection with traffic works with.</summary>
    public const int MediumBytes = 64 * 1024;

    /// <summary>The largest block that is kept.</summary>
    public const int LargestPooledBytes = 1024 * 1024;

    private static readonly int[] ClassBytes =
        [1024, SmallBytes, 16 * 1024, MediumBytes, 256 * 1024, LargestPooledBytes];

    private readonly BlockStack[] _classes;
    private readonly long _cacheBytesMax;
    private long _cachedBytes;
    private long _outstanding;
    private long _outstandingBytes;
    private volatile bool _disposed;

    /// <summary>Makes a pool.</summary>
    /// <param name="cacheBytesMax">How many bytes of released blocks are kept for reuse, at most.</param>
    public PinnedBlockPool(long cacheBytesMax = 64L * 1024 * 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytesMax);
        _cacheBytesMax = cacheBytesMax;
        _classes = Array.ConvertAll(ClassBytes, _ => new BlockStack());
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => Array.MaxLength;

    /// <summary>How many blocks are rented and not yet released.</summary>
    public long Outstanding => Interlocked.Read(ref _outstanding);

    /// <summary>How many bytes the rented blocks hold.</summary>
    public long OutstandingBytes => Interlocked.Read(ref _outstandingBytes);

    /// <summary>How many bytes of released blocks wait for reuse.</summary>
    public long CachedBytes => Interlocked.Read(ref _cachedBytes);

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) =>
        RentBlock(minBufferSize < 0 ? SmallBytes : minBufferSize);

    /// <summary>A block of at least <paramref name="minBytes"/> bytes, with one owner.</summary>
    public PinnedBlock RentBlock(int minBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minBytes);
        int index = ClassOf(minBytes);
        PinnedBlock? block = null;
        if (index < ClassBytes.Length && _classes[index].TryPop(out block))
        {
            Interlocked.Add(ref _cachedBytes, -block.Capacity);
        }

        block ??= new PinnedBlock(this, index, index < ClassBytes.Length ? ClassBytes[index] : minBytes);
        block.TakeFirstOwner();
        Interlocked.Increment(ref _outstanding);
        Interlocked.Add(ref _outstandingBytes, block.Capacity);
        return block;
    }

    /// <summary>The pooled size that holds <paramref name="minBytes"/>; the largest one for anything beyond.</summary>
    internal static int RoundUp(int minBytes) => ClassBytes[Math.Min(ClassOf(minBytes), ClassBytes.Length - 1)];

    internal void Return(PinnedBlock block)
    {
        Interlocked.Decrement(ref _outstanding);
        Interlocked.Add(ref _outstandingBytes, -block.Capacity);
        if (block.ClassIndex >= ClassBytes.Length || _disposed)
        {
            return;
        }

        if (Interlocked.Add(ref _cachedBytes, block.Capacity) > _cacheBytesMax)
        {
            Interlocked.Add(ref _cachedBytes, -block.Capacity);
            return;
        }

        _classes[block.ClassIndex].Push(block);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        foreach (BlockStack stack in _classes)
        {
            while (stack.TryPop(out PinnedBlock? block))
            {
                Interlocked.Add(ref _cachedBytes, -block.Capacity);
            }
        }
    }

    private static int ClassOf(int minBytes)
    {
        int index = 0;
        while (index < ClassBytes.Length && ClassBytes[index] < minBytes)
        {
            index++;
        }

        return index;
    }
}
