namespace FastLog.Storage;

/// <summary>
/// A file system that asks for room and tries once more when the process has no descriptor left. Whatever needs one goes
/// through here: a broker with too many connections must not lose its log directories.
/// </summary>
internal sealed class RoomMakingFileSystem(IFileSystem files, Action makeRoom) : IFileSystem
{
    public IFile Open(string path, FileOpenMode mode)
    {
        try
        {
            return files.Open(path, mode);
        }
        catch (DiskException failure) when (failure.IsOutOfDescriptors)
        {
            makeRoom();
            return files.Open(path, mode);
        }
    }

    public bool FileExists(string path) => files.FileExists(path);

    public long FileLength(string path) => files.FileLength(path);

    public long FileModifiedMs(string path) => files.FileModifiedMs(path);

    public bool DirectoryExists(string path) => files.DirectoryExists(path);

    public void CreateDirectory(string path) => files.CreateDirectory(path);

    public void Rename(string source, string destination) => files.Rename(source, destination);

    public void DeleteFile(string path) => files.DeleteFile(path);

    public void DeleteDirectory(string path) => Try(() => files.DeleteDirectory(path));

    public IReadOnlyList<string> ListFiles(string path)
    {
        IReadOnlyList<string> names = [];
        Try(() => names = files.ListFiles(path));
        return names;
    }

    public IReadOnlyList<string> ListDirectories(string path)
    {
        IReadOnlyList<string> names = [];
        Try(() => names = files.ListDirectories(path));
        return names;
    }

    public void SyncDirectory(string path) => Try(() => files.SyncDirectory(path));

    public void SyncAll(string path) => Try(() => files.SyncAll(path));

    public DiskSpace SpaceOf(string path) => files.SpaceOf(path);

    public IDisposable? TryLock(string path) => files.TryLock(path);

    private void Try(Action action)
    {
        try
        {
            action();
        }
        catch (DiskException failure) when (failure.IsOutOfDescriptors)
        {
            makeRoom();
            action();
        }
    }
}
