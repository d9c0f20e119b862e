namespace FastLog.Storage;

/// <content>Making records durable; the flusher's side.</content>
public sealed partial class PartitionLog
{
    private int _isQueued;
    private long _cutsCount;
    private long _lastFlushMs;

    /// <summary>True when the log was not waiting for the flusher and is now.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>Whether flush.ms asks for a flush of what flush.messages left unflushed.</summary>
    internal bool IsFlushOverdue(long nowMs) =>
        LogEndOffset > RecoveryPoint && nowMs - Volatile.Read(ref _lastFlushMs) >= Config.FlushMs;

    /// <summary>
    /// Syncs what was written up to now and tells the listener. Called by the directory's flusher only.
    /// </summary>
    /// <exception cref="DiskException">The sync failed; the directory must go offline.</exception>
    internal void Flush()
    {
        // Before looking, so that whoever appends from here on queues the log again.
        Interlocked.Exchange(ref _isQueued, 0);
        LogSegment[] segments;
        long target, synced, cuts;
        bool directoryIsDirty;
        lock (_lock)
        {
            if (!IsUsable)
                return;
            (segments, target, synced, cuts) = (_segments, _logEndOffset, _syncedEndOffset, _cutsCount);
            directoryIsDirty = _directoryIsDirty;
            _directoryIsDirty = false;
            _unflushedRecords = 0;
        }
        try
        {
            if (directoryIsDirty)
                _store.SyncDirectory();
            SyncSegments(segments, synced, target);
        }
        catch (DiskException) when (Volatile.Read(ref _isClosed))
        {
            // Deleted meanwhile: its directory has another name, and nobody waits for it any more.
            return;
        }
        bool advanced;
        lock (_lock)
        {
            // A cut in between synced for itself, and what was counted here may be gone.
            advanced = cuts == _cutsCount && target > _syncedEndOffset;
            if (advanced)
                Volatile.Write(ref _syncedEndOffset, target);
            advanced &= target > _durableEndOffset;
            if (advanced)
                Volatile.Write(ref _durableEndOffset, target);
        }
        Volatile.Write(ref _lastFlushMs, NowMs);
        if (advanced)
            Listener?.OnDurableEndAdvanced(this, target);
    }

    private static void SyncSegments(LogSegment[] segments, long syncedEndOffset, long target)
    {
        int last = segments.Length - 1;
        int first = last;
        while (first > 0 && !segments[first - 1].IsSealedAndSynced)
            first--;
        for (int i = first; i <= last; i++)
        {
            LogSegment segment = segments[i];
            // Retention may have taken it away since; then there is nothing left to sync.
            if (!segment.Log.TryAcquire())
                continue;
            try
            {
                if (segment.NextOffset > syncedEndOffset && target > syncedEndOffset)
                    segment.Log.File.FlushData();
                if (i < last)
                {
                    segment.FlushIndexes();
                    segment.IsSealedAndSynced = true;
                }
            }
            finally
            {
                segment.Log.Dispose();
            }
        }
    }

    /// <summary>
    /// Writes what recovery will want beside the records: the epoch table if it changed, without which the recovery point
    /// must not pass the change, and the index entries still in memory, which spare it a walk.
    /// </summary>
    internal void StoreRecoveryAids()
    {
        lock (_lock)
        {
            if (!IsUsable)
                return;
            WriteEpochs();
            LogSegment active = _segments[^1];
            using SegmentFile held = active.Log.Acquire();
            active.Index.Store(releaseBuffer: true);
            active.TimeIndex.Store(releaseBuffer: true);
        }
    }

    private void WriteEpochs()
    {
        if (!_epochs.IsDirty)
            return;
        try
        {
            new LeaderEpochFile(_home.Files, _store.Directory).Write(_epochs.TakeForWriting());
        }
        catch (DiskException)
        {
            _epochs.MarkDirty();
            throw;
        }
    }
}
