namespace FastLog.Storage;

/// <content>The end of a log.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Stops appends and reads, makes everything survive and lets go of the files; reads in flight keep theirs open.
    /// </summary>
    /// <exception cref="DiskException">Something could not be written or synced: the stop was not clean.</exception>
    internal void CloseCleanly()
    {
        lock (_shapeLock)
            CloseLocked();
    }

    private void CloseLocked()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
            try
            {
                if (IsStored)
                    return;
                LogSegment active = _segments[^1];
                using SegmentFile held = active.Log.Acquire();
                active.StoreIndexes(releaseBuffers: true);
                if (Config.Preallocate)
                    active.Log.File.Truncate(active.SizeInBytes);
                SyncSegments(_segments, _syncedEndOffset, _logEndOffset);
                active.FlushIndexes();
                WriteProducerSnapshot(_logEndOffset);
                WriteEpochs();
                _store.SyncDirectory();
                Volatile.Write(ref _syncedEndOffset, _logEndOffset);
            }
            finally
            {
                ReleaseFiles();
            }
        }
    }

    /// <summary>Lets go of the files without another word to the disk: the log is deleted, or its directory failed.</summary>
    internal void Abandon()
    {
        lock (_shapeLock)
        {
            lock (_lock)
            {
                if (_isClosed)
                    return;
                _isClosed = true;
                // Nothing of it is written to the commit journal from here on.
                _cutsCount++;
                ReleaseFiles();
            }
        }
    }

    // Nothing happened to the log since a clean stop left it: nothing is to be written, and no file to be opened.
    private bool IsStored =>
        _storedEndOffset == _logEndOffset && _cutsCount == 0 && !_epochs.NeedsWriting(_logEndOffset) && !_directoryIsDirty;

    private void ReleaseFiles()
    {
        foreach (LogSegment segment in _segments)
            segment.Log.Retire();
    }
}
