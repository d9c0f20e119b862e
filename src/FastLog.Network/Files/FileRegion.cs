using FastLog.Protocol;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Network;

/// <summary>
/// A range of bytes in a file that is part of a response, with the lease that keeps the file open.
/// </summary>
/// <remarks>
/// Pooled. Whoever holds the region calls <see cref="Dispose"/> once: an output it was written to does so when the
/// bytes were sent, or when the response was dropped or the connection died. The lease is released exactly then.
/// </remarks>
public sealed class FileRegion : IExternalRecords, IDisposable
{
    private static readonly ObjectStack<FileRegion> Free = new(capacity: 1024);
    private static long _outstanding;

    private IDisposable? _lease;
    private SafeFileHandle? _handle;
    private int _isRented;

    private FileRegion()
    {
    }

    /// <summary>How many regions are rented and not yet released, in the whole process.</summary>
    public static long Outstanding => Interlocked.Read(ref _outstanding);

    /// <summary>The file.</summary>
    public SafeFileHandle Handle =>
        _handle ?? throw new InvalidOperationException("the file region was released already");

    /// <summary>Where the range starts in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>The length of the range in bytes.</summary>
    public int SizeInBytes { get; private set; }

    /// <summary>Whether an output owns the region: it was written, and is released with the response.</summary>
    public bool IsWritten { get; internal set; }

    /// <summary>Takes a region from the pool.</summary>
    /// <param name="handle">An open file, readable at any offset.</param>
    /// <param name="offset">Where the range starts, not negative.</param>
    /// <param name="sizeInBytes">The length, not negative.</param>
    /// <param name="lease">Disposed when the region is no longer needed; keeps the file open until then.</param>
    public static FileRegion Rent(SafeFileHandle handle, long offset, int sizeInBytes, IDisposable? lease = null)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeInBytes);
        FileRegion region = Free.TryPop(out FileRegion? free) ? free : new FileRegion();
        Invariant.Check(Interlocked.Exchange(ref region._isRented, 1) == 0, "a free file region was in use");
        region._handle = handle;
        region.Offset = offset;
        region.SizeInBytes = sizeInBytes;
        region._lease = lease;
        region.IsWritten = false;
        Interlocked.Increment(ref _outstanding);
        return region;
    }

    /// <summary>Releases the lease and gives the region back.</summary>
    public void Dispose()
    {
        Invariant.Check(Interlocked.Exchange(ref _isRented, 0) == 1, "a file region was released twice");
        IDisposable? lease = _lease;
        _lease = null;
        _handle = null;
        Interlocked.Decrement(ref _outstanding);
        Free.Push(this);
        lease?.Dispose();
    }
}
