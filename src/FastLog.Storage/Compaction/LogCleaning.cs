using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Cleans logs, one at a time: first it goes through the dirty part and notes the newest offset of each key, then it
/// copies the log from its start up to there, without what is older, a group of segments after the other. Keeps its
/// buffers from log to log. Not for several threads at once.
/// </summary>
internal sealed class LogCleaning : IDisposable
{
    private readonly CleanerOptions _options;
    private readonly CleanerThrottle? _throttle;
    private readonly int _bufferBytes;
    private readonly KeyOffsetMap _keys = new();
    private readonly BatchCleaner _batches = new();
    private readonly PooledBufferWriter _unpacked = new();
    private readonly List<AbortedTransactionEntry> _aborted = [];
    private CancellationToken _cancellation;

    /// <param name="options">Memory is shared by so many threads as they say.</param>
    /// <param name="throttle">Bounds the I/O of all threads; null for none.</param>
    public LogCleaning(CleanerOptions options, CleanerThrottle? throttle)
    {
        _options = options;
        _throttle = throttle;
        _bufferBytes = options.IoBufferBytes / Math.Max(options.ThreadsCount, 1) / 2;
    }

    /// <summary>Logs that could not be cleaned, to be left alone for a while.</summary>
    public HashSet<PartitionLog> PutOff { get; } = [];

    /// <summary>Cleans a log below its last stable offset.</summary>
    /// <exception cref="LogCorruptException">A batch is damaged, or its records are.</exception>
    /// <exception cref="DiskException">The disk failed, or is full.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop.</exception>
    public CleanerRun Run(PartitionLog log, long upperBoundOffset, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        if (!log.TryBeginCleaning())
            return default(CleanerRun) with { Outcome = CleanerOutcome.NothingToClean };
        try
        {
            return Run(log, upperBoundOffset);
        }
        catch (Exception failure) when (failure is DiskException or LogUnavailableException && (log.IsClosed || log.Home.IsOffline))
        {
            // Deleted, as a rule: its directory has another name by now.
            return default(CleanerRun) with { Outcome = CleanerOutcome.LogChanged };
        }
        finally
        {
            log.EndCleaning();
        }
    }

    public void Dispose()
    {
        _keys.Dispose();
        _batches.Dispose();
        _unpacked.Dispose();
    }

    private CleanerRun Run(PartitionLog log, long upperBoundOffset)
    {
        long started = log.Home.Time.GetTimestamp();
        long cutsCount = log.CutsCount;
        LogSegment[] segments = log.CurrentSegments;
        CleanableRange range = log.CleanableRange(upperBoundOffset);
        CleanerRun run = new() { FirstDirtyOffset = range.FirstDirtyOffset, EndOffset = range.FirstDirtyOffset };
        if (range.IsEmpty)
            return run with { Outcome = CleanerOutcome.NothingToClean };
        using SegmentBatchReader reader = new(_bufferBytes, OnIo);
        try
        {
            return Run(log, segments, range, reader, run, (started, cutsCount));
        }
        catch (RecordFormatException failure)
        {
            throw new LogCorruptException(reader.Path, reader.Position, failure.Message);
        }
    }

    private CleanerRun Run(
        PartitionLog log,
        LogSegment[] segments,
        in CleanableRange range,
        SegmentBatchReader reader,
        CleanerRun run,
        (long Started, long CutsCount) at)
    {
        if (!TryMapKeys(log, segments, range, reader))
            return run with { Outcome = CleanerOutcome.LogChanged };
        long endOffset = _keys.LatestOffset + 1;
        LogSegment[] cleanable = [.. segments.TakeWhile(segment => segment.BaseOffset < endOffset)];
        CleaningContext context = new(
            _keys, log.LastOfProducers(), log.Home.Time.GetUtcNow().ToUnixTimeMilliseconds(), log.Config.DeleteRetentionMs);
        run = run with { Outcome = CleanerOutcome.Cleaned, EndOffset = endOffset, KeysCount = _keys.Count };
        // Holes in the offsets are compaction's work if it is known to have been here, also to have begun.
        if (log.Home.CleanedOffset(log.Partition) == 0 && !log.TryPersistCleanedOffset(0, at.CutsCount))
            return run with { Outcome = CleanerOutcome.LogChanged };
        CleanedTransactions transactions = new();
        foreach (Range group in SegmentGroups.Of(
            PartitionLog.SummarizeIndexes(cleanable), log.Config.SegmentBytes, log.Config.SegmentIndexBytes))
        {
            if (!TryCleanGroup(log, cleanable[group], context, transactions, reader, ref run))
                return run with { Outcome = CleanerOutcome.LogChanged };
        }
        if (!log.TryPersistCleanedOffset(endOffset, at.CutsCount))
            return run with { Outcome = CleanerOutcome.LogChanged };
        return run with
        {
            BytesRead = reader.BytesRead,
            DurationMs = (long)log.Home.Time.GetElapsedTime(at.Started).TotalMilliseconds,
        };
    }

    /// <summary>Notes the newest offset of every key from the first dirty offset on, until the map is full.</summary>
    private bool TryMapKeys(PartitionLog log, LogSegment[] segments, in CleanableRange range, SegmentBatchReader reader)
    {
        // No two records have one offset, so there are not more keys than offsets.
        _keys.Reset(
            range.EndOffset - range.FirstDirtyOffset,
            _options.DedupeBufferBytes / Math.Max(_options.ThreadsCount, 1),
            Math.Clamp(_options.LoadFactor, 0.01, 1));
        CleanedTransactions transactions = new();
        log.FindAborted(range.FirstDirtyOffset, range.EndOffset, _aborted);
        transactions.Announce(_aborted);
        foreach (LogSegment segment in segments)
        {
            if (segment.NextOffset <= range.FirstDirtyOffset)
                continue;
            if (segment.BaseOffset >= range.EndOffset)
                break;
            if (!segment.Log.TryAcquire())
                return false;
            using SegmentFile held = segment.Log;
            reader.Start(segment);
            while (reader.MoveNext())
            {
                if (!TryMapBatch(reader.Batch, range.FirstDirtyOffset, transactions))
                    return true;
            }
            _keys.AdvanceLatestOffset(segment.NextOffset - 1);
        }
        return true;
    }

    private bool TryMapBatch(in RecordBatchView batch, long firstDirtyOffset, CleanedTransactions transactions)
    {
        RecordBatchHeader header = batch.Header;
        if (header.LastOffset < firstDirtyOffset)
            return true;
        bool hasKeys = !header.IsControl && !transactions.OnDataBatch(header);
        if (header.IsControl)
            transactions.OnControlBatch(header, EndMarker.Read(header, batch.RecordBytes));
        if (hasKeys)
        {
            foreach (RecordView record in batch.Records(_unpacked, BatchCleaner.DecompressedSizeMaxBytes))
            {
                if (record.Offset >= firstDirtyOffset && !record.KeyIsNull && !_keys.TryPut(record.Key, record.Offset))
                    return false;
            }
        }
        _keys.AdvanceLatestOffset(header.LastOffset);
        return true;
    }

    private bool TryCleanGroup(
        PartitionLog log,
        LogSegment[] group,
        CleaningContext context,
        CleanedTransactions transactions,
        SegmentBatchReader reader,
        ref CleanerRun run)
    {
        if (log.CreateCleaned(group[0].BaseOffset) is not { } cleaned)
            return false;
        // Once a swap has begun only a start may say what becomes of its files.
        bool isOurs = true;
        try
        {
            using CleanedSegmentWriter writer = new(cleaned, log.Config.IndexIntervalBytes, _bufferBytes, OnIo);
            if (!TryCopy(log, group, context, transactions, reader, writer, out bool isChanged))
                return false;
            if (isChanged || group.Length > 1)
            {
                writer.Finish(group[^1].NextOffset, transactions.KeptEntries);
                isOurs = false;
                isOurs = !log.TryReplace(group, cleaned);
                if (isOurs)
                    return false;
            }
            transactions.KeptEntries.Clear();
            run = run with
            {
                SegmentsReadCount = run.SegmentsReadCount + group.Length,
                SegmentsWrittenCount = run.SegmentsWrittenCount + 1,
                SizeBeforeBytes = run.SizeBeforeBytes + group.Sum(segment => (long)segment.SizeInBytes),
                SizeAfterBytes = run.SizeAfterBytes + writer.SizeInBytes,
            };
            return true;
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            // Said of a swap only before it began.
            isOurs = true;
            throw;
        }
        finally
        {
            if (isOurs)
                Discard(log, cleaned);
        }
    }

    /// <summary>Copies what stays of a group; false when the log has let go of one of its segments.</summary>
    private bool TryCopy(
        PartitionLog log,
        LogSegment[] group,
        CleaningContext context,
        CleanedTransactions transactions,
        SegmentBatchReader reader,
        CleanedSegmentWriter writer,
        out bool isChanged)
    {
        isChanged = false;
        foreach (LogSegment segment in group)
        {
            log.FindAborted(segment.BaseOffset, segment.NextOffset, _aborted);
            transactions.Announce(_aborted);
            if (!segment.Log.TryAcquire())
                return false;
            using SegmentFile held = segment.Log;
            reader.Start(segment);
            while (reader.MoveNext())
            {
                RecordBatchView batch = reader.Batch;
                // A group's last batch stays: it tells where the group ends, to a start that finishes its swap and to
                // whoever asks the log for its next offset.
                bool staysAnyhow = reader.IsAtEnd && segment == group[^1];
                ReadOnlySpan<byte> kept = _batches.Clean(batch, context, transactions, staysAnyhow);
                isChanged |= kept != batch.Bytes;
                if (!kept.IsEmpty)
                    writer.Append(kept);
            }
        }
        return true;
    }

    private static void Discard(PartitionLog log, LogSegment cleaned)
    {
        cleaned.Log.Retire();
        // Otherwise the next start does it.
        if (!log.IsClosed && !log.Home.IsOffline)
            SegmentSwap.GiveUp(log.Store, cleaned.BaseOffset);
    }

    private void OnIo(long bytes)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (_throttle?.Take(bytes) is { Ticks: > 0 } wait && _cancellation.WaitHandle.WaitOne(wait))
            _cancellation.ThrowIfCancellationRequested();
    }
}
