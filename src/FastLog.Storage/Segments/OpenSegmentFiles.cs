namespace FastLog.Storage;

/// <summary>
/// The open files of a directory's segments, and the bound on their number. Beyond it those go that were not used for
/// longest, as a clock tells: its hand passes over a segment used since the last round, and takes the next one that was
/// not. Files that are in use or hold bytes not yet synced stay; while there are only such, the bound is exceeded, and
/// whoever syncs behind the flusher is asked to do so now. Only when the process has no descriptor left they are synced
/// here, a few at a time. Nothing is ever mapped into memory, so this is also the bound on what the files of the logs cost
/// the process.
/// </summary>
/// <param name="filesMax">The bound.</param>
/// <param name="onCrowded">Told when unsynced files keep the bound exceeded. Must not block.</param>
/// <param name="onSyncFailed">Told of a failed sync, whatever locks the caller of a method here holds.</param>
internal sealed class OpenSegmentFiles(int filesMax, Action onCrowded, Action<DiskException> onSyncFailed)
{
    // Each costs a sync, which somebody waits for.
    private const int SyncedAtOnceMax = 16;

    // So much of what is open comes on top before the next look.
    private const int LookAgainShare = 8;

    private readonly Lock _lock = new();
    private readonly List<SegmentFile> _segments = [];
    private int _hand;
    private int _count;
    private int _lookAgainCount;

    /// <summary>Files that are open now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>One more file of the segment is open. The caller holds a reference to it.</summary>
    public void NoteOpened(SegmentFile segment)
    {
        lock (_lock)
        {
            if (segment.Slot < 0)
            {
                segment.Slot = _segments.Count;
                _segments.Add(segment);
            }
            segment.OpenCount++;
            _count++;
            if (_count > Math.Max(filesMax, _lookAgainCount) && !TryKeepBound())
                onCrowded();
        }
    }

    /// <summary>The segment closed its files for good.</summary>
    public void NoteGone(SegmentFile segment)
    {
        lock (_lock)
            Forget(segment);
    }

    /// <summary>Closes the segment's files now unless somebody uses them.</summary>
    public void Close(SegmentFile segment)
    {
        lock (_lock)
        {
            if (segment.Slot >= 0 && segment.TryCloseIdle(evenIfJustUsed: true))
                Forget(segment);
        }
    }

    /// <summary>Closes what was not used since the last call: a partition that fell idle shall hold no files.</summary>
    public void CloseIdle()
    {
        lock (_lock)
        {
            for (int i = _segments.Count - 1; i >= 0; i--)
            {
                if (_segments[i].TryCloseIdle(evenIfJustUsed: false))
                    Forget(_segments[i]);
            }
        }
    }

    /// <summary>The process has no descriptors left: half of the files go, as far as they can.</summary>
    public void MakeRoom()
    {
        lock (_lock)
        {
            int countMax = _count / 2;
            CloseUntil(countMax);
            SyncAndCloseUntil(countMax);
        }
    }

    /// <summary>Files were synced: those that kept the bound exceeded may go now.</summary>
    public void KeepBound()
    {
        lock (_lock)
            TryKeepBound();
    }

    // A look at all of them that finds nothing to close is not repeated for each file that is opened.
    private bool TryKeepBound()
    {
        CloseUntil(filesMax);
        bool isKept = _count <= filesMax;
        _lookAgainCount = isKept ? 0 : _count + _count / LookAgainShare;
        return isKept;
    }

    private void CloseUntil(int countMax)
    {
        // Two rounds: the first may do no more than forget who was used.
        for (int steps = _segments.Count * 2; steps > 0 && _count > countMax && _segments.Count > 0; steps--)
        {
            if (_hand >= _segments.Count)
                _hand = 0;
            SegmentFile segment = _segments[_hand];
            if (segment.TryCloseIdle(evenIfJustUsed: false))
                Forget(segment);
            else
                _hand++;
        }
    }

    // What a sync costs is not spent on a file that could be closed for nothing: those are gone by now.
    private void SyncAndCloseUntil(int countMax)
    {
        int synced = 0;
        for (int steps = _segments.Count; steps > 0 && synced < SyncedAtOnceMax && _count > countMax && _segments.Count > 0; steps--)
        {
            if (_hand >= _segments.Count)
                _hand = 0;
            SegmentFile segment = _segments[_hand];
            if (TrySyncAndClose(segment))
            {
                Forget(segment);
                synced++;
            }
            else
            {
                _hand++;
            }
        }
    }

    private bool TrySyncAndClose(SegmentFile segment)
    {
        try
        {
            return segment.TryCloseIdle(evenIfJustUsed: true, syncs: true);
        }
        catch (DiskException failure)
        {
            onSyncFailed(failure);
            return false;
        }
    }

    private void Forget(SegmentFile segment)
    {
        if (segment.Slot < 0)
            return;
        SegmentFile last = _segments[^1];
        _segments[segment.Slot] = last;
        last.Slot = segment.Slot;
        _segments.RemoveAt(_segments.Count - 1);
        segment.Slot = -1;
        _count -= segment.OpenCount;
        segment.OpenCount = 0;
    }
}
