using FastLog.Records;

namespace FastLog.Storage;

/// <content>Questions about offsets: by time, by leader epoch; and replay.</content>
public sealed partial class PartitionLog
{
    // What one batch may unpack to while a timestamp is looked for in it.
    private const int DecompressedSizeMaxBytes = 104857600;

    /// <summary>The latest leader epoch that the log knows, -1 for none.</summary>
    public int LatestEpoch => _epochs.LatestEpoch;

    /// <summary>The leader epoch that an offset belongs to, -1 when not known.</summary>
    public int EpochOf(long offset) => _epochs.EpochOf(offset);

    /// <summary>Where a leader epoch ended, for OffsetForLeaderEpoch and diverging fetches (KIP-101, KIP-320, KIP-595).</summary>
    public EpochEndOffset EndOffsetForEpoch(int epoch) => _epochs.EndOffsetFor(epoch, LogEndOffset);

    /// <summary>Notes that a leader epoch starts at an offset, normally the log's end at an election.</summary>
    public void AssignEpoch(int epoch, long startOffset)
    {
        lock (_lock)
            _epochs.Assign(epoch, startOffset);
    }

    /// <summary>The known epochs, in order.</summary>
    public EpochEntry[] EpochEntries() => _epochs.ToArray();

    /// <summary>Goes through the batches from the one that contains an offset up to a bound (exclusive).</summary>
    public BatchCursor ReadBatches(long fromOffset, long upperBoundOffset) => new(this, fromOffset, upperBoundOffset);

    /// <summary>
    /// The first record at or beyond the log's start whose timestamp is at or beyond the given one; to the record, also
    /// inside compressed batches.
    /// </summary>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    public TimestampedOffset OffsetForTimestamp(long timestampMs) =>
        OfOneState(segments => FindTimestamp(segments, timestampMs));

    private TimestampedOffset FindTimestamp(LogSegment[] segments, long timestampMs)
    {
        long start = LogStartOffset;
        foreach (LogSegment segment in segments)
        {
            (long maxTimestampMs, _) = MaxTimestampOf(segment);
            if (maxTimestampMs < timestampMs || segment.NextOffset <= start)
                continue;
            TimestampedOffset found = FindTimestamp(segment, timestampMs, Math.Max(start, segment.BaseOffset));
            if (found != TimestampedOffset.None)
                return found;
        }
        return TimestampedOffset.None;
    }

    /// <summary>The first record that has the log's largest timestamp (KIP-734).</summary>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    public TimestampedOffset MaxTimestampOffset()
    {
        long largest = MaxTimestampMs;
        return largest < 0 ? TimestampedOffset.None : OffsetForTimestamp(largest);
    }

    /// <summary>The largest timestamp of the log's records in ms, -1 for none.</summary>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    public long MaxTimestampMs => OfOneState(segments => segments.Max(segment => MaxTimestampOf(segment).TimestampMs));

    // A segment that is removed or replaced while it is looked at gives no answer, or a wrong one.
    private T OfOneState<T>(Func<LogSegment[], T> question)
    {
        while (true)
        {
            LogSegment[] segments = Segments;
            try
            {
                T answer = question(segments);
                if (segments == Segments)
                    return answer;
            }
            catch (DiskException) when (segments != Segments)
            {
            }
            catch (DiskException)
            {
                throw new LogUnavailableException(Partition);
            }
        }
    }

    // The active segment's pair is changed by appends, under the lock.
    private (long TimestampMs, long Offset) MaxTimestampOf(LogSegment segment)
    {
        if (!segment.IsReady && segment.Log.TryAcquire())
        {
            using (segment.Log)
                MakeReady(segment);
        }
        lock (_lock)
            return (segment.MaxTimestampMs, segment.MaxTimestampOffset);
    }

    private TimestampedOffset FindTimestamp(LogSegment segment, long timestampMs, long startOffset)
    {
        if (!segment.Log.TryAcquire())
            return TimestampedOffset.None;
        long from;
        try
        {
            MakeReady(segment);
            from = Math.Max(startOffset, segment.TimeIndex.OffsetAtOrBefore(timestampMs));
        }
        finally
        {
            segment.Log.Dispose();
        }
        using PooledBufferWriter scratch = new();
        using BatchCursor batches = ReadBatches(from, segment.NextOffset);
        while (batches.MoveNext())
        {
            if (batches.Header.MaxTimestamp < timestampMs)
                continue;
            TimestampedOffset found = FindInBatch(batches, timestampMs, startOffset, scratch);
            if (found != TimestampedOffset.None)
                return found;
        }
        if (batches.Status == ReadStatus.StorageError)
            throw new LogUnavailableException(Partition);
        return TimestampedOffset.None;
    }

    private static TimestampedOffset FindInBatch(
        BatchCursor batches, long timestampMs, long startOffset, PooledBufferWriter scratch)
    {
        RecordBatchView batch = new(batches.Batch.Span);
        int epoch = batch.Header.PartitionLeaderEpoch;
        foreach (RecordView record in batch.Records(scratch, DecompressedSizeMaxBytes))
        {
            if (record.Offset >= startOffset && record.TimestampMs >= timestampMs)
                return new TimestampedOffset(record.Offset, record.TimestampMs, epoch);
        }
        return TimestampedOffset.None;
    }
}
