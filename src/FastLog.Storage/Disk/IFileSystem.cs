namespace FastLog.Storage;

/// <summary>How <see cref="IFileSystem.Open"/> treats a file that exists, or does not.</summary>
public enum FileOpenMode
{
    /// <summary>Must exist; only reads.</summary>
    Read,

    /// <summary>Must exist; reads and writes.</summary>
    ReadWrite,

    /// <summary>Reads and writes; made empty when missing.</summary>
    OpenOrCreate,

    /// <summary>Reads and writes; made empty when missing, emptied when there.</summary>
    CreateOrTruncate,
}

/// <summary>The size of a file system.</summary>
/// <param name="TotalBytes">All of it.</param>
/// <param name="UsableBytes">What may still be written.</param>
public readonly record struct DiskSpace(long TotalBytes, long UsableBytes);

/// <summary>
/// The disk as storage sees it. Two implementations: the kernel's, and one in memory that forgets what was not
/// synced. Every failure is a <see cref="DiskException"/>. Names given back are without their directory.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file. A file just made survives a crash only after <see cref="SyncDirectory"/>.</summary>
    IFile Open(string path, FileOpenMode mode);

    /// <summary>Whether a file of that name exists.</summary>
    bool FileExists(string path);

    /// <summary>Length in bytes of a file, which is not opened for it.</summary>
    long FileLength(string path);

    /// <summary>When a file was last written, in ms since 1970.</summary>
    long FileModifiedMs(string path);

    /// <summary>Whether a directory of that name exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>Makes a directory (and its parents) unless it is there.</summary>
    void CreateDirectory(string path);

    /// <summary>Renames a file or a directory; a file of the new name is replaced.</summary>
    void Rename(string source, string destination);

    /// <summary>Removes a file; one that is missing is no error.</summary>
    void DeleteFile(string path);

    /// <summary>Removes a directory with all it holds; one that is missing is no error.</summary>
    void DeleteDirectory(string path);

    /// <summary>Names of the files of a directory, in no particular order.</summary>
    IReadOnlyList<string> ListFiles(string path);

    /// <summary>Names of the directories of a directory, in no particular order.</summary>
    IReadOnlyList<string> ListDirectories(string path);

    /// <summary>Makes creations, renames and removals inside a directory survive a crash.</summary>
    void SyncDirectory(string path);

    /// <summary>
    /// Writes all that the file system of a directory has unwritten (syncfs): quicker than file by file where there are
    /// many. A help, not a promise: which file failed only its own <see cref="IFile.FlushData"/> tells.
    /// </summary>
    void SyncAll(string path);

    /// <summary>How large the file system of a directory is, and how much of it is left to this process.</summary>
    DiskSpace SpaceOf(string path);

    /// <summary>Takes a lock that no other process can hold; null when another holds it.</summary>
    IDisposable? TryLock(string path);
}
