namespace FastLog.Storage;

/// <content>Making records durable; the flusher's side.</content>
public sealed partial class PartitionLog
{
    private int _isQueued;
    private long _cutsCount;
    private long _lastFlushMs;
    private long _committedEndOffset;
    private long _committedBaseOffset;
    private int _committedBytes;

    /// <summary>How often the log was cut; bytes seen under another count may have been replaced.</summary>
    internal long CutsCount => Volatile.Read(ref _cutsCount);

    /// <summary>The sequence of the log's newest entry in the commit journal; the journal's own, under its lock.</summary>
    internal long JournaledSequence { get; set; }

    /// <summary>True when the log was not waiting for the flusher and is now.</summary>
    internal bool TryQueue() => Interlocked.Exchange(ref _isQueued, 1) == 0;

    /// <summary>Whether flush.ms asks for a flush of what flush.messages left unflushed.</summary>
    internal bool IsFlushOverdue(long nowMs) =>
        // Flushed in what is now the future: the clock went back, and shall not put the flush off by as much.
        LogEndOffset > Volatile.Read(ref _committedEndOffset)
        && (nowMs - Volatile.Read(ref _lastFlushMs) is var sinceMs && (sinceMs >= Config.FlushMs || sinceMs < 0));

    /// <summary>
    /// Takes stock of what is to be made durable; false when the log is gone. Called by the directory's flusher only, as
    /// are <see cref="TrySync"/> and <see cref="CompleteFlush"/>.
    /// </summary>
    internal bool TryBeginFlush(out PendingFlush flush)
    {
        // Before looking, so that whoever appends from here on queues the log again.
        Interlocked.Exchange(ref _isQueued, 0);
        flush = default;
        lock (_lock)
        {
            if (!IsUsable)
                return false;
            LogSegment active = _segments[^1];
            flush = new PendingFlush
            {
                Log = this,
                Segments = _segments,
                SyncedEndOffset = _syncedEndOffset,
                TargetOffset = _logEndOffset,
                FromPosition = active.BaseOffset == _committedBaseOffset ? _committedBytes : 0,
                ToPosition = active.SizeInBytes,
                CutsCount = _cutsCount,
                DirectoryIsDirty = _directoryIsDirty,
            };
            _directoryIsDirty = false;
            _unflushedRecords = 0;
            return true;
        }
    }

    /// <summary>Syncs the files themselves; false when the log was closed meanwhile and nobody waits for it any more.</summary>
    /// <exception cref="DiskException">The sync failed; the directory must go offline.</exception>
    internal bool TrySync(in PendingFlush flush)
    {
        try
        {
            if (flush.DirectoryIsDirty)
                _store.SyncDirectory();
            SyncSegments(flush.Segments, flush.SyncedEndOffset, flush.TargetOffset);
            return true;
        }
        catch (DiskException) when (Volatile.Read(ref _isClosed))
        {
            // Deleted: its directory has another name.
            return false;
        }
    }

    /// <summary>Counts what was committed and tells the listener.</summary>
    /// <param name="flush">As it was begun.</param>
    /// <param name="isInFile">The segment's file was synced; else the journal vouches for it.</param>
    internal void CompleteFlush(in PendingFlush flush, bool isInFile)
    {
        if (!flush.IsCommitted)
            return;
        bool advanced = false;
        lock (_lock)
        {
            // A cut in between synced for itself, and what was counted here may be gone.
            if (flush.CutsCount == _cutsCount)
            {
                Volatile.Write(ref _committedEndOffset, flush.TargetOffset);
                _committedBaseOffset = flush.Segments[^1].BaseOffset;
                _committedBytes = flush.ToPosition;
                if (isInFile && flush.TargetOffset > _syncedEndOffset)
                    Volatile.Write(ref _syncedEndOffset, flush.TargetOffset);
                advanced = flush.TargetOffset > _durableEndOffset;
                if (advanced)
                    Volatile.Write(ref _durableEndOffset, flush.TargetOffset);
            }
        }
        Volatile.Write(ref _lastFlushMs, NowMs);
        if (advanced)
            Listener?.OnDurableEndAdvanced(this, flush.TargetOffset);
    }

    /// <summary>Whether something durable is not yet synced in its own file.</summary>
    internal bool NeedsCatchUp => Volatile.Read(ref _committedEndOffset) > RecoveryPoint;

    /// <summary>
    /// Syncs in the files what only the journal vouches for, so that the recovery point follows; also what is in the journal
    /// since a moment ago and is not counted yet.
    /// </summary>
    /// <exception cref="DiskException">The sync failed; the directory must go offline.</exception>
    internal void CatchUp()
    {
        LogSegment[] segments;
        long target, synced, cuts;
        lock (_lock)
        {
            if (!IsUsable || _logEndOffset <= _syncedEndOffset)
                return;
            (segments, target, synced, cuts) = (_segments, _logEndOffset, _syncedEndOffset, _cutsCount);
        }
        SyncSegments(segments, synced, target);
        lock (_lock)
        {
            target = Math.Min(target, _committedEndOffset);
            if (cuts == _cutsCount && target > _syncedEndOffset)
                Volatile.Write(ref _syncedEndOffset, target);
        }
    }

    /// <summary>Syncs the files as they are, asking for no lock: all that was committed is then in them.</summary>
    internal void SyncFiles() => SyncSegments(Segments, syncedEndOffset: -1, target: long.MaxValue);

    /// <summary>All that the log holds is in its files and synced, as far as it goes now. Under the log's lock.</summary>
    private void CommitEnd(long end)
    {
        Volatile.Write(ref _committedEndOffset, end);
        Volatile.Write(ref _syncedEndOffset, end);
        _committedBaseOffset = _segments[^1].BaseOffset;
        _committedBytes = _segments[^1].SizeInBytes;
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
            // An idle log's files shall not look used.
            if (!active.Index.HasBuffer && !active.TimeIndex.HasBuffer)
                return;
            using SegmentFile held = active.Log.Acquire();
            active.Index.Store(releaseBuffer: true);
            active.TimeIndex.Store(releaseBuffer: true);
        }
    }

    private void WriteEpochs()
    {
        if (!_epochs.NeedsWriting(_logEndOffset))
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
