using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Storage;

/// <summary>
/// One file of a segment, opened when it is first touched and closed when <see cref="OpenSegmentFiles"/> asks for it.
/// Whoever touches it holds a reference to its <see cref="SegmentFile"/>, which keeps it open meanwhile.
/// </summary>
internal sealed class LazyFile(SegmentFile owner, string suffix) : IFile
{
    private IFile? _file;
    private DiskException? _syncFailure;
    private bool _isDirty;

    public string Path => owner.PathOf(suffix);

    public SafeFileHandle? Handle => Opened.Handle;

    public long Length => Opened.Length;

    public bool IsOpen => Volatile.Read(ref _file) is not null;

    /// <summary>Written to and not synced since.</summary>
    public bool IsDirty => Volatile.Read(ref _isDirty);

    private IFile Opened => Volatile.Read(ref _file) ?? Open() ?? throw new DiskException("open", Path, DiskException.NoSuchFile);

    public int Read(long position, Span<byte> buffer) => Opened.Read(position, buffer);

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        IFile file = Opened;
        try
        {
            file.Write(position, bytes);
        }
        finally
        {
            NoteChanged();
        }
    }

    public void Write(long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
    {
        IFile file = Opened;
        try
        {
            file.Write(position, head, payload);
        }
        finally
        {
            NoteChanged();
        }
    }

    /// <summary>
    /// Does nothing when the file was not touched, or was taken away: then nothing is left to sync. One at a time, and
    /// never again after one failed: the kernel tells of a failure once, and whoever asks next would hear that all is well.
    /// </summary>
    public void FlushData()
    {
        IFile? file = Volatile.Read(ref _file);
        if (file is null && IsDirty)
            file = Open();
        lock (owner)
        {
            ThrowIfSyncFailed();
            // Before the sync: what is written while it runs may not be covered by it.
            Volatile.Write(ref _isDirty, false);
            try
            {
                file?.FlushData();
            }
            catch (DiskException failed)
            {
                Volatile.Write(ref _syncFailure, failed);
                NoteChanged();
                throw;
            }
        }
    }

    /// <summary>What is read of a file whose sync failed may not be what was written: the kernel may have dropped it.</summary>
    /// <exception cref="DiskException">A sync failed, now or earlier.</exception>
    public void ThrowIfSyncFailed()
    {
        if (Volatile.Read(ref _syncFailure) is { } failure)
            throw new DiskException(failure.Operation, failure.Path, failure.ErrorNumber, failure);
    }

    public void Truncate(long length)
    {
        IFile file = Opened;
        try
        {
            file.Truncate(length);
        }
        finally
        {
            NoteChanged();
        }
    }

    public void Allocate(long length) => Opened.Allocate(length);

    /// <summary>Makes sure that the file is open, as long as the caller's reference lasts.</summary>
    public void EnsureOpen() => _ = Opened;

    /// <summary>For a file just made, which is open already.</summary>
    public void Adopt(IFile file)
    {
        Volatile.Write(ref _file, file);
        owner.NoteOpened();
    }

    /// <summary>Closes it; the next touch opens it again.</summary>
    public void Dispose() => Interlocked.Exchange(ref _file, null)?.Dispose();

    // After the change: a sync that began before the change was made does not cover it, but would take the mark away.
    // Whoever makes it keeps the file open meanwhile.
    private void NoteChanged() => Volatile.Write(ref _isDirty, true);

    private IFile? Open()
    {
        lock (owner.OpenLock)
        {
            if (_file is not null || owner.IsRetired)
                return _file;
            Volatile.Write(ref _file, owner.OpenFile(this));
        }
        owner.NoteOpened();
        return _file;
    }
}
