using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastLog.StorageBench.Disk;

/// <summary>The bare system calls, for what storage is held against.</summary>
internal sealed partial class RawFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private long _position;

    public RawFile(string path, long preallocatedBytes = 0)
    {
        _handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (preallocatedBytes > 0)
        {
            // Written, and not only reserved: a sync then has no extent to convert.
            byte[] zeros = new byte[1 << 20];
            for (long at = 0; at < preallocatedBytes; at += zeros.Length)
                RandomAccess.Write(_handle, zeros, at);
            Sync();
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_handle, bytes, _position);
        _position += bytes.Length;
    }

    public void Rewind() => _position = 0;

    public void Sync() => Check(SyncData(_handle), "fdatasync");

    /// <summary>Syncs the whole file system that the file lies on.</summary>
    public void SyncAll() => Check(SyncFileSystem(_handle), "syncfs");

    public void Dispose() => _handle.Dispose();

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new IOException($"{call} failed with errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);
}
