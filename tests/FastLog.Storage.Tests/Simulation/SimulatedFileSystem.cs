namespace FastLog.Storage.Tests;

/// <summary>
/// A disk in memory that keeps Kafka's promises and no others: bytes survive a crash once their file was synced, names
/// once their directory was. Fails on demand, fills up, and stops the machine at a chosen step. Seeded; safe for threads.
/// </summary>
public sealed class SimulatedFileSystem(int seed) : IFileSystem
{
    private readonly Random _random = new(seed);
    private readonly HashSet<string> _locks = [];
    private SimulatedFolder _root = new();
    private bool _isDown;

    internal object Gate { get; } = new();

    /// <summary>Counts the crashes: handles of an earlier boot are dead.</summary>
    internal int Boot { get; private set; }

    /// <summary>Files open now.</summary>
    public int OpenFilesCount { get; internal set; }

    /// <summary>When every file was last written.</summary>
    public long ModifiedMs { get; set; }

    /// <summary>Bytes that fit; more is ENOSPC after what still fits was written.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Descriptors that the process has: opening one more, also of a directory to sync it, is EMFILE.</summary>
    public int DescriptorsMax { get; set; } = int.MaxValue;

    /// <summary>Asked at every step with the call's and the file's name; an errno makes the step fail.</summary>
    public Func<string, string, int>? Fault { get; set; }

    /// <summary>Steps that change the disk until the machine stops; -1 for never.</summary>
    public int StepsToCrash { get; set; } = -1;

    /// <summary>Steps so far, by call.</summary>
    public Dictionary<string, int> Steps { get; } = [];

    /// <summary>Stops the machine and starts it again: what is unsynced survives by chance, sector by sector.</summary>
    /// <param name="survival">The chance; null draws one (often none or all).</param>
    public void Crash(double? survival = null)
    {
        lock (Gate)
        {
            double chance = survival ?? _random.Next(4) switch { 0 => 0, 1 => 1, _ => _random.NextDouble() };
            // Only the process died when everything survives: then nothing is lost either.
            _root.Crash(_random, chance);
            Restart();
        }
    }

    /// <summary>Kills the process only: the kernel keeps what was written.</summary>
    public void Kill()
    {
        lock (Gate)
            Restart();
    }

    public IFile Open(string path, FileOpenMode mode)
    {
        lock (Gate)
        {
            Step("open", path);
            TakeDescriptor(path);
            SimulatedFolder folder = Folder(Path.GetDirectoryName(path)!, "open");
            string name = Path.GetFileName(path);
            if (!folder.Entries.TryGetValue(name, out object? node))
            {
                if (mode is FileOpenMode.Read or FileOpenMode.ReadWrite)
                    throw new DiskException("open", path, 2);
                Step("creat", path);
                node = new SimulatedInode();
                object made = node;
                folder.Change(entries => entries[name] = made);
            }
            SimulatedInode inode = (SimulatedInode)node;
            if (mode == FileOpenMode.CreateOrTruncate && inode.Length > 0)
            {
                Step("ftruncate", path);
                inode.Truncate(0);
            }
            OpenFilesCount++;
            return new SimulatedFile(this, inode, path);
        }
    }

    public bool FileExists(string path) => Find(path) is SimulatedInode;

    public long FileLength(string path) => Find(path) is SimulatedInode inode ? inode.Length : throw new DiskException("stat", path, 2);

    public long FileModifiedMs(string path) =>
        Find(path) is SimulatedInode ? ModifiedMs : throw new DiskException("stat", path, 2);

    public bool DirectoryExists(string path) => Find(path) is SimulatedFolder;

    public void CreateDirectory(string path)
    {
        lock (Gate)
        {
            SimulatedFolder folder = _root;
            foreach (string name in Names(path))
            {
                if (!folder.Entries.TryGetValue(name, out object? node))
                {
                    Step("mkdir", path);
                    node = new SimulatedFolder();
                    object made = node;
                    folder.Change(entries => entries[name] = made);
                }
                folder = (SimulatedFolder)node;
            }
        }
    }

    public void Rename(string source, string destination)
    {
        lock (Gate)
        {
            string parent = Path.GetDirectoryName(source)!;
            Assert.Equal(parent, Path.GetDirectoryName(destination));
            SimulatedFolder folder = Folder(parent, "rename");
            string from = Path.GetFileName(source);
            string to = Path.GetFileName(destination);
            if (!folder.Entries.TryGetValue(from, out object? node))
                throw new DiskException("rename", source, 2);
            Step("rename", source);
            folder.Change(entries =>
            {
                entries.Remove(from);
                entries[to] = node;
            });
        }
    }

    public void DeleteFile(string path) => Delete(path, "unlink");

    public void DeleteDirectory(string path) => Delete(path, "rmdir");

    public IReadOnlyList<string> ListFiles(string path) => List(path, node => node is SimulatedInode);

    public IReadOnlyList<string> ListDirectories(string path) => List(path, node => node is SimulatedFolder);

    public void SyncDirectory(string path)
    {
        lock (Gate)
        {
            SimulatedFolder folder = Folder(path, "fsync");
            TakeDescriptor(path);
            Step("fsync", path);
            folder.Sync();
        }
    }

    public void SyncAll(string path)
    {
        lock (Gate)
        {
            Step("syncfs", path);
            Folder(path, "syncfs").SyncAll();
        }
    }

    public DiskSpace SpaceOf(string path) => new(1L << 40, 1L << 39);

    public IDisposable? TryLock(string path)
    {
        lock (Gate)
        {
            if (!_locks.Add(path))
                return null;
            int boot = Boot;
            return new Release(() =>
            {
                lock (Gate)
                {
                    if (boot == Boot)
                        _locks.Remove(path);
                }
            });
        }
    }

    /// <summary>The bytes of a file as programs see them.</summary>
    public byte[] ReadAll(string path)
    {
        lock (Gate)
        {
            SimulatedInode inode = (SimulatedInode)Find(path)!;
            byte[] bytes = new byte[inode.Length];
            inode.Read(0, bytes);
            return bytes;
        }
    }

    /// <summary>Puts a file there, synced with its directory.</summary>
    public void WriteAll(string path, ReadOnlySpan<byte> bytes)
    {
        using (IFile file = Open(path, FileOpenMode.CreateOrTruncate))
        {
            file.Write(0, bytes);
            file.FlushData();
        }
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Turns one bit of a file around, on the disk itself.</summary>
    public void FlipBit(string path, int position, int bit)
    {
        lock (Gate)
            ((SimulatedInode)Find(path)!).FlipBit(position, bit);
    }

    internal void Step(string call, string path)
    {
        if (_isDown)
            throw new SimulatedCrashException();
        Steps[call] = Steps.GetValueOrDefault(call) + 1;
        if (call is not ("pread" or "open") && StepsToCrash >= 0 && StepsToCrash-- == 0)
        {
            _isDown = true;
            throw new SimulatedCrashException();
        }
        int error = Fault?.Invoke(call, path) ?? 0;
        if (error != 0)
            throw new DiskException(call, path, error);
    }

    /// <summary>How many bytes of a write go through, and what it then fails with.</summary>
    internal int StepWrite(string path, int sizeBytes, long growthBytes, out Exception? failure)
    {
        failure = null;
        try
        {
            Step("pwrite", path);
        }
        catch (Exception stopped) when (stopped is DiskException or SimulatedCrashException)
        {
            failure = stopped;
            return _random.Next(sizeBytes + 1);
        }
        if (growthBytes <= 0 || CapacityBytes == long.MaxValue)
            return sizeBytes;
        long lacking = UsedBytes(_root) + growthBytes - CapacityBytes;
        if (lacking <= 0)
            return sizeBytes;
        failure = new DiskException("pwrite", path, DiskException.OutOfSpace);
        return (int)Math.Max(0, sizeBytes - lacking);
    }

    /// <summary>Bytes of all files.</summary>
    public long UsedBytes()
    {
        lock (Gate)
            return UsedBytes(_root);
    }

    private void TakeDescriptor(string path)
    {
        if (OpenFilesCount >= DescriptorsMax)
            throw new DiskException("open", path, 24);
    }

    private static long UsedBytes(SimulatedFolder folder) => folder.Entries.Values.Sum(
        node => node is SimulatedFolder inner ? UsedBytes(inner) : ((SimulatedInode)node).Length);

    private void Restart()
    {
        Boot++;
        OpenFilesCount = 0;
        _locks.Clear();
        _isDown = false;
        StepsToCrash = -1;
    }

    private void Delete(string path, string call)
    {
        lock (Gate)
        {
            if (Find(path) is null)
                return;
            Step(call, path);
            string name = Path.GetFileName(path);
            Folder(Path.GetDirectoryName(path)!, call).Change(entries => entries.Remove(name));
        }
    }

    private string[] List(string path, Func<object, bool> isWanted)
    {
        lock (Gate)
            return [.. Folder(path, "readdir").Entries.Where(entry => isWanted(entry.Value)).Select(entry => entry.Key)];
    }

    private SimulatedFolder Folder(string path, string call) =>
        Find(path) as SimulatedFolder ?? throw new DiskException(call, path, 2);

    private object? Find(string path)
    {
        lock (Gate)
        {
            object? node = _root;
            foreach (string name in Names(path))
                node = node is SimulatedFolder folder && folder.Entries.TryGetValue(name, out object? next) ? next : null;
            return node;
        }
    }

    private static string[] Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private sealed class Release(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
