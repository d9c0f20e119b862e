namespace FastLog.StorageBench.Disk;

/// <summary>Ways to make one small write in each of many files durable, with bare system calls.</summary>
internal sealed class RawRounds : IDisposable
{
    private readonly RawFile[] _files;
    private readonly RawFile _journal;
    private readonly byte[] _batch;
    private readonly byte[] _all;

    public RawRounds(ScratchFolder folder, int count, byte[] batch)
    {
        Directory.CreateDirectory(folder.File("raw"));
        _batch = batch;
        _files = [.. Enumerable.Range(0, count).Select(index => new RawFile(folder.File($"raw/{index}")))];
        _all = new byte[(long)count * batch.Length];
        for (int i = 0; i < count; i++)
            batch.CopyTo(_all, i * batch.Length);
        _journal = new RawFile(folder.File("journal"), preallocatedBytes: Math.Max(1 << 20, 2L * _all.Length));
    }

    /// <summary>All written, then synced one file at a time by so many threads.</summary>
    public void SyncEach(int threads)
    {
        WriteAll();
        int next = -1;
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(threads, _files.Length)).Select(_ => new Thread(Work))];
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());

        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < _files.Length; i = Interlocked.Increment(ref next))
                _files[i].Sync();
        }
    }

    /// <summary>All written, then the whole file system synced.</summary>
    public void SyncFileSystem()
    {
        WriteAll();
        _journal.SyncAll();
    }

    /// <summary>Leaves nothing unsynced; not to be measured.</summary>
    public void Settle() => _journal.SyncAll();

    /// <summary>All written, unsynced, and once more into one preallocated file that is synced.</summary>
    public void Journal()
    {
        WriteAll();
        _journal.Rewind();
        _journal.Append(_all);
        _journal.Sync();
    }

    public void Dispose()
    {
        Array.ForEach(_files, file => file.Dispose());
        _journal.Dispose();
    }

    private void WriteAll()
    {
        foreach (RawFile file in _files)
            file.Append(_batch);
    }
}
