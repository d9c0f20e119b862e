using FastLog.Records;

namespace FastLog.Storage;

/// <content>Taking records away: from the end (truncation), from the start (DeleteRecords).</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Removes everything at or beyond an offset; a batch that contains it goes as a whole, so the log may end below the
    /// offset. When it returns, no crash brings anything of it back.
    /// </summary>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    /// <exception cref="DiskException">The directory failed and is offline.</exception>
    public void TruncateTo(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        RunLocked(() =>
        {
            if (offset >= _logEndOffset)
                return;
            if (offset < _logStartOffset)
                RestartAt(offset);
            else if (!CutAt(offset))
                RestartAt(_logStartOffset);
        });
    }

    /// <summary>Removes everything and goes on at an offset, which may lie anywhere: a follower that was left behind.</summary>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    /// <exception cref="DiskException">The directory failed and is offline.</exception>
    public void TruncateFullyAndStartAt(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        RunLocked(() => RestartAt(offset));
    }

    /// <summary>
    /// Raises the log's start (DeleteRecords, or a follower told so by its leader): remembered on disk first, then whole
    /// segments below it go. A lower offset than the present start changes nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">OFFSET_OUT_OF_RANGE: beyond the log's end.</exception>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    /// <exception cref="DiskException">The directory failed and is offline.</exception>
    public void AdvanceLogStart(long offset) => RunLocked(() =>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, _logEndOffset);
        if (offset <= _logStartOffset)
            return;
        _home.PersistLogStart(Partition, offset);
        StartAt(offset);
    });

    /// <summary>The start is durable: now it holds, and whole segments below it go.</summary>
    private int StartAt(long offset)
    {
        if (offset > _logStartOffset)
        {
            Volatile.Write(ref _logStartOffset, offset);
            _epochs.TruncateFromStart(offset);
        }
        int count = 0;
        while (count < _segments.Length - 1 && _segments[count + 1].BaseOffset <= offset)
            count++;
        RemoveOldestSegments(count);
        return count;
    }

    private void RemoveOldestSegments(int count)
    {
        if (count == 0)
            return;
        LogSegment[] removed = _segments[..count];
        Volatile.Write(ref _segments, _segments[count..]);
        _directoryIsDirty = true;
        foreach (LogSegment segment in removed)
        {
            _store.Remove(segment, Config.FileDeleteDelayMs);
            _home.Files.DeleteFile(_store.PathOf(segment.BaseOffset, SegmentNames.Snapshot));
        }
    }

    /// <summary>False when not even the log's start would be left.</summary>
    private bool CutAt(long offset)
    {
        int keep = FloorIndex(_segments, offset);
        LogSegment floor = _segments[keep];
        using SegmentFile held = floor.Log.Acquire();
        MakeReady(floor);
        (long end, long position) = FindCut(floor, offset);
        if (end < _logStartOffset)
            return false;
        // A recovery point beyond the cut would vouch for bytes that are yet to be written there.
        LowerEnds(end);
        FinishCut(() =>
        {
            RemoveSegmentsBehind(keep);
            LogSegment cut = CutSegment(floor, end, position);
            LogSegment[] segments = [.. _segments[..keep], cut];
            SyncSegments(segments, syncedEndOffset: -1, target: long.MaxValue);
            Volatile.Write(ref _segments, segments);
            EndAt(end);
        });
        return true;
    }

    private void RestartAt(long offset)
    {
        LowerEnds(Math.Min(offset, _segments[0].BaseOffset));
        FinishCut(() =>
        {
            RemoveSnapshots();
            RemoveSegmentsBehind(-1);
            _home.PersistLogStart(Partition, offset);
            Volatile.Write(ref _segments, [_store.Create(offset, Config.Preallocate ? Config.SegmentBytes : 0)]);
            Volatile.Write(ref _logStartOffset, offset);
            EndAt(offset);
        });
    }

    // Half of it done there is no log to go on with, so this time a full disk is the end.
    private static void FinishCut(Action finish)
    {
        try
        {
            finish();
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            throw new DiskException(failure.Operation, failure.Path, DiskException.InputOutputError, failure);
        }
    }

    private void LowerEnds(long offset)
    {
        // Here before it is there: whoever writes the checkpoint meanwhile looks here.
        if (_syncedEndOffset > offset)
            Volatile.Write(ref _syncedEndOffset, offset);
        _home.LowerRecoveryPoint(Partition, offset);
        _cutsCount++;
        _home.ForgetJournaled(this);
        if (_durableEndOffset > offset)
            Volatile.Write(ref _durableEndOffset, offset);
    }

    // Newest first and synced before anything else is cut, so that a crash on the way leaves no hole.
    private void RemoveSegmentsBehind(int last)
    {
        for (int i = _segments.Length - 1; i > last; i--)
        {
            _store.Remove(_segments[i], Config.FileDeleteDelayMs);
            _home.Files.DeleteFile(_store.PathOf(_segments[i].BaseOffset, SegmentNames.Snapshot));
        }
        _store.SyncDirectory();
    }

    // What the producers wrote is gone, wherever the log goes on.
    private void RemoveSnapshots()
    {
        foreach (string name in _home.Files.ListFiles(_store.Directory))
        {
            if (SegmentNames.TryParse(name, SegmentNames.Snapshot, out _))
                _home.Files.DeleteFile(Path.Combine(_store.Directory, name));
        }
    }

    /// <summary>
    /// Where the first batch to go starts, and where the last one to stay ends. In a gap that lies below the asked offset:
    /// it is the end that a reopened log would find.
    /// </summary>
    private static (long End, long Position) FindCut(LogSegment segment, long offset)
    {
        long end = segment.BaseOffset;
        BatchScanner scanner = BatchScanner.From(
            segment, stackalloc byte[BatchScanner.WindowBytes], Math.Max(offset - 1, segment.BaseOffset), segment.SizeInBytes);
        while (scanner.MoveNext())
        {
            if (scanner.Header.LastOffset >= offset)
                return (end, scanner.Position);
            end = scanner.Header.NextOffset;
        }
        if (scanner.IsBroken)
            throw new DiskException("pread", segment.Log.File.Path, DiskException.InputOutputError);
        return (end, segment.SizeInBytes);
    }

    private LogSegment CutSegment(LogSegment segment, long end, long position)
    {
        segment.Index.TruncateTo(end);
        segment.TimeIndex.TruncateTo(end);
        segment.Transactions.TruncateTo(end);
        segment.Log.File.Truncate(position);
        LogSegment cut = segment.WithTail(end, position);
        SegmentScanResult found = SegmentScan.Run(cut, position, Config.IndexIntervalBytes, crcFromOffset: long.MaxValue, epochs: null);
        Invariant.Check(found.Problem is null && found.SizeInBytes == position, "a cut segment ends with a whole batch");
        cut.FlushIndexes();
        return cut;
    }

    private void EndAt(long end)
    {
        Volatile.Write(ref _logEndOffset, end);
        CommitEnd(end);
        _unflushedRecords = 0;
        _epochs.TruncateFromEnd(end);
        Invariant.Check(_logStartOffset <= end, "a log never ends before it starts");
        ProducerReplay.Rebuild(_store, _home.Files.ListFiles(_store.Directory), _segments, _logStartOffset, end, _producers, MakeReady);
        _store.SyncDirectory();
        _home.SyncNames();
        Volatile.Write(ref _durableEndOffset, end);
    }
}
