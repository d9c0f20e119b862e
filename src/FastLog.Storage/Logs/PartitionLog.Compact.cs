using FastLog.Records;

namespace FastLog.Storage;

/// <content>The log's side of compaction: what can be cleaned, and putting cleaned segments in place of others.</content>
public sealed partial class PartitionLog
{
    private int _isBeingCleaned;

    /// <summary>A cleaning met damage: the log is left alone until the next start.</summary>
    public bool IsUncleanable { get; internal set; }

    internal LogSegment[] CurrentSegments => Segments;

    internal ILogHome Home => _home;

    internal SegmentStore Store => _store;

    internal bool IsClosed => Volatile.Read(ref _isClosed);

    internal bool IsBeingCleaned => Volatile.Read(ref _isBeingCleaned) != 0;

    internal bool TryBeginCleaning() => Interlocked.Exchange(ref _isBeingCleaned, 1) == 0;

    internal void EndCleaning() => Interlocked.Exchange(ref _isBeingCleaned, 0);

    /// <summary>What could be cleaned now below a last stable offset.</summary>
    /// <exception cref="DiskException">A segment cannot be looked at.</exception>
    internal CleanableRange CleanableRange(long upperBoundOffset)
    {
        long bound = Math.Min(upperBoundOffset, DurableEndOffset);
        bound = Math.Min(bound, LastStableOffset(bound));
        LogConfig config = Config;
        long cleanedOffset = _home.CleanedOffset(Partition);
        bool needsTimes = config.MinCompactionLagMs > 0 || config.MaxCompactionLagMs < long.MaxValue;
        LogSegment[] segments = Segments;
        SegmentSummary[] summaries = new SegmentSummary[segments.Length];
        for (int i = 0; i < segments.Length; i++)
            summaries[i] = Summarize(segments[i], needsTimes && segments[i].NextOffset > cleanedOffset && i < segments.Length - 1);
        return Storage.CleanableRange.Of(summaries, cleanedOffset, LogStartOffset, bound, config, NowMs);
    }

    /// <summary>Segments as <see cref="SegmentGroups"/> sees them; indexes are opened for it.</summary>
    internal static SegmentSummary[] SummarizeIndexes(ReadOnlySpan<LogSegment> segments)
    {
        SegmentSummary[] summaries = new SegmentSummary[segments.Length];
        for (int i = 0; i < segments.Length; i++)
        {
            LogSegment segment = segments[i];
            long indexBytes = 0;
            if (segment.Log.TryAcquire())
            {
                using (segment.Log)
                    indexBytes = Math.Max((long)segment.Index.Count * OffsetIndex.EntrySizeBytes, (long)segment.TimeIndex.Count * TimeIndex.EntrySizeBytes);
            }
            summaries[i] = new SegmentSummary(segment.BaseOffset, segment.NextOffset, segment.SizeInBytes, indexBytes, -1, -1);
        }
        return summaries;
    }

    internal Dictionary<long, LastOfProducer> LastOfProducers()
    {
        Dictionary<long, LastOfProducer> last = [];
        lock (_lock)
        {
            foreach (ProducerState producer in _producers.Producers)
            {
                long offset = producer.Batches.Count > 0 ? producer.Batches.Newest.LastOffset : -1;
                last[producer.ProducerId] = new LastOfProducer(offset, producer.Epoch);
            }
        }
        return last;
    }

    /// <summary>
    /// Puts a cleaned segment, whole and synced under its .cleaned name and held by its writer, in place of neighbouring ones. False when they are
    /// not all there any more; then nothing was changed. Appends wait only while the array of segments is replaced.
    /// </summary>
    /// <exception cref="DiskException">The disk is full, and nothing was changed; or it failed.</exception>
    internal bool TryReplace(LogSegment[] replaced, LogSegment cleaned)
    {
        lock (_shapeLock)
        {
            lock (_lock)
            {
                if (!IsUsable || IndexOf(replaced) < 0)
                    return false;
            }
            SegmentSwap.Begin(_store, cleaned.BaseOffset);
            try
            {
                FinishReplacing(replaced, cleaned);
            }
            catch (DiskException failure) when (failure.IsOutOfSpace)
            {
                // Begun, a swap has to be finished: by the next start, if not here.
                throw new DiskException(failure.Operation, failure.Path, DiskException.InputOutputError, failure);
            }
            return true;
        }
    }

    /// <summary>
    /// Makes the files of a cleaned segment, all open and held for its writer; null when the log is gone. The shape lock
    /// sees to it that they are made in this log's directory: a deletion waits before it gives that another name.
    /// </summary>
    /// <exception cref="DiskException">The disk is full or failed.</exception>
    internal LogSegment? CreateCleaned(long baseOffset)
    {
        lock (_shapeLock)
        {
            if (!IsUsable)
                return null;
            LogSegment cleaned = _store.Create(baseOffset, preallocateBytes: 0, SegmentNames.Cleaned);
            cleaned.Log.Acquire();
            try
            {
                // Also when nothing goes into it: see SegmentSwap.
                cleaned.Transactions.MakeFile();
                return cleaned;
            }
            catch (DiskException failure)
            {
                cleaned.Log.Dispose();
                cleaned.Log.Retire();
                if (failure.IsOutOfSpace)
                    SegmentSwap.GiveUp(_store, baseOffset);
                throw;
            }
        }
    }

    /// <summary>Remembers where a cleaning ended, unless the log was cut or closed since it began.</summary>
    /// <exception cref="DiskException">The disk is full or failed.</exception>
    internal bool TryPersistCleanedOffset(long offset, long cutsCount)
    {
        lock (_shapeLock)
        {
            if (!IsUsable || cutsCount != _cutsCount)
                return false;
            _home.PersistCleanedOffset(Partition, offset);
            return true;
        }
    }

    private void FinishReplacing(LogSegment[] replaced, LogSegment cleaned)
    {
        // All its files are open and held by whoever wrote them, so nobody asks for them by name before they have it.
        cleaned.Log.ChangeNameEnd("");
        lock (_lock)
        {
            int first = IndexOf(replaced);
            Invariant.Check(first >= 0, "no segment goes while another holds the shape lock");
            // It is synced, but the flusher takes the mark to be true of all segments before it too.
            cleaned.IsSealedAndSynced = Array.TrueForAll(replaced, segment => segment.IsSealedAndSynced);
            Volatile.Write(ref _segments, [.. _segments[..first], cleaned, .. _segments[(first + replaced.Length)..]]);
        }
        foreach (LogSegment segment in replaced)
            _store.Remove(segment, Config.FileDeleteDelayMs);
        _store.SyncDirectory();
        SegmentSwap.Finish(_store, cleaned.BaseOffset);
        // The empty file went with the swap; a cut may make the segment the newest again, and then a new one is made.
        if (cleaned.Transactions.Count == 0)
            cleaned.Transactions.Reset();
        // Producers are replayed from the snapshots at the end of the log; these are of no use without their segments.
        foreach (LogSegment segment in replaced.AsSpan(1))
            _home.Files.DeleteFile(_store.PathOf(segment.BaseOffset, SegmentNames.Snapshot));
    }

    private int IndexOf(LogSegment[] neighbours)
    {
        int first = Array.IndexOf(_segments, neighbours[0]);
        bool isWhole = first >= 0
            && first + neighbours.Length < _segments.Length
            && _segments.AsSpan(first, neighbours.Length).SequenceEqual(neighbours);
        return isWhole ? first : -1;
    }

    private SegmentSummary Summarize(LogSegment segment, bool withTimes)
    {
        long maxTimestampMs = -1;
        long firstTimestampMs = -1;
        if (withTimes)
        {
            (maxTimestampMs, _) = MaxTimestampOf(segment);
            firstTimestampMs = FirstTimestampOf(segment);
        }
        (long nextOffset, int size) = segment.Tail;
        return new SegmentSummary(segment.BaseOffset, nextOffset, size, 0, maxTimestampMs, firstTimestampMs);
    }

    private static long FirstTimestampOf(LogSegment segment)
    {
        if (segment.FirstTimestampMs >= 0 || !segment.Log.TryAcquire())
            return segment.FirstTimestampMs;
        using (segment.Log)
        {
            BatchScanner scanner = new(segment.Log.File, stackalloc byte[RecordBatchHeader.SizeInBytes], 0, segment.SizeInBytes);
            if (scanner.MoveNext())
                segment.FirstTimestampMs = scanner.Header.MaxTimestamp;
        }
        return segment.FirstTimestampMs;
    }
}
