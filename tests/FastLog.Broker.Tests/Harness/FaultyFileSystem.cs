using System.Buffers;
using FastLog.Storage;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Broker.Tests.Harness;

/// <summary>The kernel's file system, but for the writes and syncs that are told to fail.</summary>
internal sealed class FaultyFileSystem : IFileSystem
{
    private readonly PosixFileSystem _files = new();
    private volatile Func<string, string, int>? _fault;

    /// <summary>Asked before every write and sync with the call's and the file's name; an errno makes it fail.</summary>
    public Func<string, string, int>? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    public IFile Open(string path, FileOpenMode mode)
    {
        if (mode is FileOpenMode.OpenOrCreate or FileOpenMode.CreateOrTruncate)
        {
            Check("open", path);
        }

        return new FaultyFile(this, _files.Open(path, mode));
    }

    public bool FileExists(string path) => _files.FileExists(path);

    public bool DirectoryExists(string path) => _files.DirectoryExists(path);

    public long FileLength(string path) => _files.FileLength(path);

    public long FileModifiedMs(string path) => _files.FileModifiedMs(path);

    public void CreateDirectory(string path)
    {
        Check("mkdir", path);
        _files.CreateDirectory(path);
    }

    public void Rename(string source, string destination) => _files.Rename(source, destination);

    public void DeleteFile(string path) => _files.DeleteFile(path);

    public void DeleteDirectory(string path) => _files.DeleteDirectory(path);

    public IReadOnlyList<string> ListFiles(string path) => _files.ListFiles(path);

    public IReadOnlyList<string> ListDirectories(string path) => _files.ListDirectories(path);

    public void SyncDirectory(string path)
    {
        Check("fsync", path);
        _files.SyncDirectory(path);
    }

    public void SyncAll(string path)
    {
        Check("syncfs", path);
        _files.SyncAll(path);
    }

    public DiskSpace SpaceOf(string path)
    {
        Check("statfs", path);
        return _files.SpaceOf(path);
    }

    public IDisposable? TryLock(string path) => _files.TryLock(path);

    private void Check(string call, string path)
    {
        if (_fault?.Invoke(call, path) is { } error and not 0)
        {
            throw new DiskException(call, path, error);
        }
    }

    private sealed class FaultyFile(FaultyFileSystem owner, IFile file) : IFile
    {
        public string Path => file.Path;

        public SafeFileHandle? Handle => file.Handle;

        public long Length => file.Length;

        public int Read(long position, Span<byte> buffer) => file.Read(position, buffer);

        public void Write(long position, ReadOnlySpan<byte> bytes)
        {
            owner.Check("pwrite", Path);
            file.Write(position, bytes);
        }

        public void Write(long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
        {
            owner.Check("pwrite", Path);
            file.Write(position, head, payload);
        }

        public void FlushData()
        {
            owner.Check("fdatasync", Path);
            file.FlushData();
        }

        public void Truncate(long length) => file.Truncate(length);

        public void Allocate(long length) => file.Allocate(length);

        public void Dispose() => file.Dispose();
    }
}
