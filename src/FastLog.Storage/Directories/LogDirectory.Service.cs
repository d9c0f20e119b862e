using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <content>What the directory does for its logs: syncing, checkpoints, failure, and the end.</content>
public sealed partial class LogDirectory
{
    private const int SyncAllLogsMin = 16;

    /// <summary>
    /// Writes recovery-point-offset-checkpoint (and the epoch tables it relies on): the less lies beyond it, the less a
    /// restart after a crash reads. For the broker's scheduler (log.flush.offset.checkpoint.interval.ms).
    /// </summary>
    public void CheckpointRecoveryPoints() => Guarded(WriteRecoveryPoints);

    /// <summary>Writes replication-offset-checkpoint (replica.high.watermark.checkpoint.interval.ms).</summary>
    /// <param name="highWatermarks">High watermarks of logs in this directory; entries not given are kept.</param>
    public void CheckpointHighWatermarks(IEnumerable<KeyValuePair<TopicPartition, long>> highWatermarks) =>
        Guarded(() => _highWatermarks.SetAll(highWatermarks));

    /// <summary>The high watermark that was last checkpointed for a partition, 0 for none.</summary>
    public long CheckpointedHighWatermark(TopicPartition partition) => _highWatermarks[partition];

    /// <summary>Starts a flush of the logs whose flush.ms has passed. For the broker's scheduler.</summary>
    public void FlushOverdue()
    {
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (KeyValuePair<TopicPartition, PartitionLog> entry in _logs)
        {
            if (entry.Value.IsFlushOverdue(nowMs))
                _flusher.Enqueue(entry.Value);
        }
    }

    /// <summary>Syncs all that is written in all logs and returns when it is done, or the directory is offline.</summary>
    public void FlushAll()
    {
        foreach (KeyValuePair<TopicPartition, PartitionLog> entry in _logs)
            _flusher.Enqueue(entry.Value);
        _flusher.WaitUntilIdle();
    }

    /// <summary>Deletes the files whose delay has passed; a timer does the same.</summary>
    public void RemoveDueFiles() => _removal.RemoveDue();

    /// <summary>
    /// Closes all logs. If everything was synced and nothing failed, the clean-shutdown marker is left and the next start
    /// reads no records.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        foreach (Lock opening in _partitionLocks)
        {
            // Whoever opens a log has it opened before the logs are closed; nobody begins after.
            opening.Enter();
            opening.Exit();
        }
        // Joining the flusher and syncing block; not on the caller's thread.
        await Task.Run(Close).ConfigureAwait(false);
    }

    void ILogHome.MarkDirty(PartitionLog log) => _flusher.Enqueue(log);

    void ILogHome.Fail(Exception failure) => Fail(failure);

    void ILogHome.PersistLogStart(TopicPartition partition, long logStartOffset) => _logStarts.Set(partition, logStartOffset);

    void ILogHome.LowerRecoveryPoint(TopicPartition partition, long recoveryPoint)
    {
        _recoveryPoints.Lower(partition, recoveryPoint);
        _cleanedOffsets.Lower(partition, recoveryPoint);
    }

    void ILogHome.SyncNames() => SyncRootIfDirty();

    void ILogHome.ForgetJournaled(PartitionLog log) => _journal?.Forget(log);

    void ILogHome.RemoveLater(string path, long delayMs) => _removal.Add(path, delayMs);

    private void Fail(Exception failure)
    {
        if (TryTakeOffline(failure))
            TellFailed(failure);
    }

    // Offline at once; whoever hears of it does so on another thread, as the caller may hold a log's lock.
    private void FailAnywhere(DiskException failure)
    {
        if (TryTakeOffline(failure))
            ThreadPool.QueueUserWorkItem(_ => TellFailed(failure));
    }

    private bool TryTakeOffline(Exception failure) => Interlocked.CompareExchange(ref _failure, failure, null) is null;

    private void TellFailed(Exception failure)
    {
        _logger.LogError(failure, "Log directory {Path} failed and is offline until the broker restarts", DirectoryPath);
        foreach (KeyValuePair<TopicPartition, PartitionLog> entry in _logs)
            entry.Value.NotifyFailed(failure);
        OnOffline?.Invoke(failure);
    }

    private void Guarded(Action action)
    {
        if (IsOffline)
            return;
        try
        {
            action();
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            // The checkpoint before stays.
            ReportNoSpace(failure);
        }
        catch (DiskException failure)
        {
            Fail(failure);
        }
    }

    // One sync of the file system writes what many files have; each file's own sync then finds little to do, but it is
    // the one that tells of that file's failures.
    private void SyncFiles(PartitionLog[] logs)
    {
        if (logs.Length >= SyncAllLogsMin)
            _files.SyncAll(DirectoryPath);
        foreach (PartitionLog log in logs)
            log.CatchUp();
        _openFiles.KeepBound();
    }

    // Once the directory failed its logs are not synced any more, so nothing of the journal is free.
    private void FreeHalf(long number)
    {
        if (!IsOffline)
            _journal?.Free(number);
    }

    // No half of the journal has number 0: nothing is freed by it. Which logs need it is seen when it is done.
    private void CatchUpSoon() => _catchUp.Enqueue(0, [.. _logs.Values]);

    private void WriteRecoveryPoints()
    {
        if (_journal is not null)
            SyncFiles([.. _logs.Values.Where(log => log.NeedsCatchUp)]);
        List<(PartitionLog Log, long Point)> points = [];
        foreach ((_, PartitionLog log) in _logs)
        {
            // The point is taken first: the epochs stored after it cover at least as much.
            points.Add((log, log.RecoveryPoint));
            log.StoreRecoveryAids();
        }
        // A log deleted meanwhile must not leave its point to one of the same name, nor a cut one keep what it had: the
        // points are looked at again under the checkpoint's lock, which a cut that lowers its point asks for afterwards.
        lock (_changeLock)
        {
            _recoveryPoints.SetAll(points
                .Where(entry => Find(entry.Log.Partition) == entry.Log)
                .Select(entry => KeyValuePair.Create(entry.Log.Partition, Math.Min(entry.Point, entry.Log.RecoveryPoint))));
        }
    }

    private void Close()
    {
        _flusher.Stop();
        _catchUp.Stop();
        _removal.Dispose();
        bool isClean = !IsOffline && (WasCleanShutdown || _unopened.IsEmpty);
        foreach ((TopicPartition partition, PartitionLog log) in _logs)
            isClean &= TryClose(partition, log);
        if (isClean)
            TryMarkClean();
        _journal?.Dispose();
        _directoryLock.Dispose();
    }

    private bool TryClose(TopicPartition partition, PartitionLog log)
    {
        if (IsOffline)
        {
            log.Abandon();
            return false;
        }
        try
        {
            log.CloseCleanly();
            return true;
        }
        catch (DiskException failure)
        {
            _logger.LogError(failure, "Could not close the log of {Partition} cleanly; it will be recovered", partition);
            return false;
        }
    }

    private void TryMarkClean()
    {
        try
        {
            _files.SyncDirectory(DirectoryPath);
            WriteRecoveryPoints();
            // Whoever opens the directory next, and stops uncleanly, must not find old entries.
            _journal?.Clear();
            _cleanShutdown.Write(BrokerEpoch);
        }
        catch (DiskException failure)
        {
            _logger.LogError(failure, "Could not mark {Path} as shut down cleanly", DirectoryPath);
        }
    }
}
