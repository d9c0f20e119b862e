using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Storage;

/// <summary>The kernel's file system.</summary>
public sealed class PosixFileSystem : IFileSystem
{
    private const int OpenDirectoryFlags = 0x80000; // O_RDONLY | O_CLOEXEC

    /// <inheritdoc/>
    public IFile Open(string path, FileOpenMode mode)
    {
        FileMode fileMode = mode switch
        {
            FileOpenMode.OpenOrCreate => FileMode.OpenOrCreate,
            FileOpenMode.CreateOrTruncate => FileMode.Create,
            _ => FileMode.Open,
        };
        FileAccess access = mode == FileOpenMode.Read ? FileAccess.Read : FileAccess.ReadWrite;
        return Run("open", path, () =>
        {
            SafeFileHandle handle = File.OpenHandle(path, fileMode, access, FileShare.ReadWrite | FileShare.Delete);
            return new PosixFile(path, handle);
        });
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public long FileLength(string path) => Run("stat", path, () => new FileInfo(path).Length);

    /// <inheritdoc/>
    public long FileModifiedMs(string path) =>
        Run("stat", path, () => new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeMilliseconds());

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public void CreateDirectory(string path) => Run("mkdir", path, () => Directory.CreateDirectory(path));

    /// <inheritdoc/>
    public void Rename(string source, string destination)
    {
        if (Libc.Rename(source, destination) != 0)
            throw new DiskException("rename", source, Marshal.GetLastPInvokeError());
    }

    /// <inheritdoc/>
    public void DeleteFile(string path) => Run("unlink", path, () =>
    {
        File.Delete(path);
        return true;
    });

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => Run("rmdir", path, () =>
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        return true;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string path) =>
        Run("readdir", path, () => Directory.GetFiles(path).Select(file => Path.GetFileName(file)!).ToArray());

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string path) =>
        Run("readdir", path, () => Directory.GetDirectories(path).Select(file => Path.GetFileName(file)!).ToArray());

    /// <inheritdoc/>
    public void SyncDirectory(string path) => WithDirectory("fsync", path, Libc.Sync);

    /// <inheritdoc/>
    public void SyncAll(string path) => WithDirectory("syncfs", path, Libc.SyncFileSystem);

    /// <inheritdoc/>
    public DiskSpace SpaceOf(string path)
    {
        try
        {
            DriveInfo drive = new(path);
            return new DiskSpace(drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DiskException("statfs", path, DiskException.InputOutputError, failure);
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (failure.HResult == Libc.WouldBlock)
        {
            return null;
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DiskException("lock", path, Libc.PermissionDenied, failure);
        }
        catch (IOException failure)
        {
            throw new DiskException("lock", path, failure.HResult, failure);
        }
    }

    private static void WithDirectory(string operation, string path, Func<int, int> call)
    {
        int directory = Libc.Open(path, OpenDirectoryFlags, 0);
        if (directory < 0)
            throw new DiskException("open", path, Marshal.GetLastPInvokeError());
        int failure = call(directory) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Libc.Close(directory);
        if (failure != 0)
            throw new DiskException(operation, path, failure);
    }

    // .NET reports errno in HResult on Unix; missing files and refused access come as their own types.
    private static T Run<T>(string operation, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiskException(operation, path, 2, failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new DiskException(operation, path, 13, failure);
        }
        catch (IOException failure)
        {
            throw new DiskException(operation, path, failure.HResult, failure);
        }
    }
}
