namespace FastLog.Storage;

/// <content>Starting new segments.</content>
public sealed partial class PartitionLog
{
    private bool _directoryIsDirty;
    private SegmentFile? _written;

    /// <summary>Starts a new segment unless the active one is empty.</summary>
    /// <exception cref="DiskException">The disk is full (nothing changed) or failed (the directory is offline).</exception>
    public void Roll() => RunLocked(() =>
    {
        if (Segments[^1].SizeInBytes > 0)
            RollAt(_logEndOffset, Config);
    });

    /// <summary>The active segment, a new one if the batches do not belong into the present one.</summary>
    private LogSegment SegmentFor(
        long sizeInBytes, long firstOffset, long lastOffset, long maxTimestampMs, LogConfig config, long nowMs)
    {
        LogSegment active = HoldActive();
        if (lastOffset - active.BaseOffset > int.MaxValue || ShouldRoll(active, sizeInBytes, maxTimestampMs, config, nowMs))
        {
            RollAt(firstOffset, config);
            active = HoldActive();
        }
        return active;
    }

    /// <summary>The active segment, ready to be written, with its files held until <see cref="ReleaseWritten"/>.</summary>
    private LogSegment HoldActive()
    {
        LogSegment active = _segments[^1];
        if (_written != active.Log)
        {
            ReleaseWritten();
            _written = active.Log.Acquire();
        }
        MakeReady(active);
        return active;
    }

    private void ReleaseWritten()
    {
        _written?.Dispose();
        _written = null;
    }

    private bool ShouldRoll(LogSegment active, long sizeInBytes, long maxTimestampMs, LogConfig config, long nowMs)
    {
        if (active.SizeInBytes == 0)
            return false;
        if (active.SizeInBytes > config.SegmentBytes - sizeInBytes)
            return true;
        // Counted in record time, so that replaying old data makes segments of the same span.
        long ageMs = active.FirstTimestampMs >= 0 && maxTimestampMs >= 0
            ? maxTimestampMs - active.FirstTimestampMs
            : nowMs - active.CreatedMs;
        return ageMs > config.RollMs - JitterMs(active.BaseOffset, config)
            || active.Index.IsFull(config.SegmentIndexBytes)
            || active.TimeIndex.IsFull(config.SegmentIndexBytes);
    }

    // Spread by a hash instead of a random number: the same log rolls at the same places again.
    private long JitterMs(long baseOffset, LogConfig config)
    {
        long jitterMax = Math.Min(config.SegmentJitterMs, config.RollMs);
        if (jitterMax <= 0)
            return 0;
        ulong hash = 14695981039346656037;
        foreach (char c in Partition.Topic)
            hash = (hash ^ c) * 1099511628211;
        hash = (hash ^ (ulong)Partition.Partition) * 1099511628211;
        hash = (hash ^ (ulong)baseOffset) * 1099511628211;
        return (long)((hash >>> 1) % (ulong)jitterMax);
    }

    // All that can fail for lack of space comes before anything is changed: a full disk leaves the log as it was.
    private void RollAt(long baseOffset, LogConfig config)
    {
        LogSegment active = _segments[^1];
        using SegmentFile held = active.Log.Acquire();
        MakeReady(active);
        Invariant.Check(baseOffset >= active.NextOffset && baseOffset > active.BaseOffset, "a new segment starts behind the last one");
        // Were the next segment's name to survive a crash that this one's last batches do not, the log would have a hole
        // that nobody could tell from one that compaction left.
        active.Log.File.FlushData();
        active.StoreIndexes(releaseBuffers: true);
        LogSegment next = _store.Create(baseOffset, config.Preallocate ? config.SegmentBytes : 0);
        if (config.Preallocate)
            active.Log.File.Truncate(active.SizeInBytes);
        WriteProducerSnapshot(baseOffset);
        Volatile.Write(ref _segments, [.. _segments, next]);
        _directoryIsDirty = true;
        _home.MarkDirty(this);
    }
}
