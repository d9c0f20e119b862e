namespace FastLog.Storage;

/// <summary>
/// A segment's files with a count of those who use them: the log itself holds one reference from birth to removal, every
/// read holds one from <see cref="PartitionLog.Read"/> until its bytes were sent. Files are opened at first use, stay open
/// while anybody but the log uses them, and may be closed when nobody does. The last one out closes them for good.
/// </summary>
public sealed class SegmentFile : IDisposable
{
    // Set while the files of an idle segment are being closed; whoever comes meanwhile waits the moment that takes.
    private const int Closing = int.MinValue;

    private readonly SegmentStore _store;
    private readonly long _baseOffset;
    private readonly LazyFile _log;
    private readonly LazyFile _index;
    private readonly LazyFile _timeIndex;
    private string _nameEnd;
    private int _references = 1;
    private bool _isRetired;
    private bool _wasUsed;

    internal SegmentFile(SegmentStore store, long baseOffset, string nameEnd)
    {
        _store = store;
        _baseOffset = baseOffset;
        _nameEnd = nameEnd;
        _log = new LazyFile(this, SegmentNames.Log);
        _index = new LazyFile(this, SegmentNames.Index);
        _timeIndex = new LazyFile(this, SegmentNames.TimeIndex);
        Index = new OffsetIndex(_index, baseOffset);
        TimeIndex = new TimeIndex(_timeIndex, baseOffset);
        Transactions = new TransactionIndex(this, store);
    }

    /// <summary>The log file. Only whoever holds a reference may touch it.</summary>
    public IFile File => _log;

    internal OffsetIndex Index { get; }

    internal TimeIndex TimeIndex { get; }

    internal TransactionIndex Transactions { get; }

    internal object OpenLock => _log;

    /// <summary>The log has let go of it: a file that is not open will not be opened any more, its name may be another's.</summary>
    internal bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>Where <see cref="OpenSegmentFiles"/> keeps it; that class's own.</summary>
    internal int Slot { get; set; } = -1;

    /// <summary>How many of its files are open; <see cref="OpenSegmentFiles"/>' own.</summary>
    internal int OpenCount { get; set; }

    /// <summary>Takes one more reference; false when the last one is gone already. Opens nothing yet.</summary>
    internal bool TryAcquire()
    {
        SpinWait wait = default;
        while (true)
        {
            int seen = Volatile.Read(ref _references);
            if (seen == 0)
                return false;
            if (seen < 0)
                wait.SpinOnce();
            else if (Interlocked.CompareExchange(ref _references, seen + 1, seen) == seen)
                break;
        }
        if (!_wasUsed)
            _wasUsed = true;
        return true;
    }

    /// <summary>A reference for whoever knows that the log has its own.</summary>
    internal SegmentFile Acquire()
    {
        bool isAcquired = TryAcquire();
        Invariant.Check(isAcquired, "a log's own segments can be used");
        return this;
    }

    /// <summary>After it the log file is open as long as the caller's reference lasts, whatever becomes of its name.</summary>
    internal void EnsureOpen() => _log.EnsureOpen();

    /// <summary>Says again that a sync of the log file failed, if one did: nobody may count on what it holds.</summary>
    /// <exception cref="DiskException">A sync failed.</exception>
    internal void ThrowIfSyncFailed() => _log.ThrowIfSyncFailed();

    /// <summary>Gives one reference back. Exactly once per reference.</summary>
    public void Dispose()
    {
        SpinWait wait = default;
        while (true)
        {
            int seen = Volatile.Read(ref _references);
            Invariant.Check(seen != 0, "a segment file was released more often than acquired");
            if (seen < 0)
                wait.SpinOnce();
            else if (Interlocked.CompareExchange(ref _references, seen - 1, seen) == seen)
            {
                if (seen == 1)
                    CloseFiles();
                return;
            }
        }
    }

    /// <summary>The log's own reference goes. To be called before the files get other names.</summary>
    internal void Retire()
    {
        lock (OpenLock)
            Volatile.Write(ref _isRetired, true);
        Dispose();
    }

    /// <summary>
    /// Closes the files if nobody uses them and the log file has nothing unsynced: an error of the disk that comes to light
    /// while a file is closed might be told to nobody.
    /// </summary>
    /// <param name="evenIfJustUsed">Also when it was used since it was last asked.</param>
    /// <param name="syncs">Unsynced bytes are synced, and do not keep it open.</param>
    /// <exception cref="DiskException">That sync failed; the file stays open.</exception>
    internal bool TryCloseIdle(bool evenIfJustUsed, bool syncs = false)
    {
        if (_wasUsed && !evenIfJustUsed)
        {
            _wasUsed = false;
            return false;
        }
        if ((_log.IsDirty && !syncs) || Interlocked.CompareExchange(ref _references, 1 | Closing, 1) != 1)
            return false;
        try
        {
            if (syncs && _log.IsOpen)
                _log.FlushData();
            if (_log.IsDirty)
                return false;
            CloseHandles();
            return true;
        }
        finally
        {
            Volatile.Write(ref _references, 1);
        }
    }

    /// <summary>Opens one of the files for its <see cref="LazyFile"/>.</summary>
    internal IFile OpenFile(LazyFile file) => _store.OpenFile(file.Path, isIndex: file != _log);

    internal void NoteOpened() => _store.OpenFiles.NoteOpened(this);

    internal string PathOf(string suffix) => _store.PathOf(_baseOffset, suffix) + _nameEnd;

    /// <summary>The files were made by the caller just now and are open.</summary>
    internal void Adopt(IFile log, IFile index, IFile timeIndex)
    {
        Adopt(log);
        _index.Adopt(index);
        _timeIndex.Adopt(timeIndex);
    }

    /// <summary>The log file was made by the caller just now and is open.</summary>
    internal void Adopt(IFile log) => _log.Adopt(log);

    /// <summary>The files are called otherwise from now on; the caller renames them and sees that nobody opens them meanwhile.</summary>
    internal void ChangeNameEnd(string nameEnd)
    {
        lock (OpenLock)
            _nameEnd = nameEnd;
    }

    private void CloseFiles()
    {
        CloseHandles();
        _store.OpenFiles.NoteGone(this);
    }

    private void CloseHandles()
    {
        _log.Dispose();
        _index.Dispose();
        _timeIndex.Dispose();
        Transactions.Dispose();
    }
}
