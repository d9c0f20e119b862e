using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>What retention found to go: where the log is to start, as long as nothing else moved its ends.</summary>
/// <param name="LogStartOffset">Base of the first segment that stays, or the log's start if that lies behind it.</param>
/// <param name="CutsCount">How often the log had been cut when it was found.</param>
internal readonly record struct RetentionPlan(long LogStartOffset, long CutsCount);

/// <content>
/// Letting old segments go. In three steps, so that a directory can remember the starts of many logs with one write: what
/// is to go is found; the new starts are made durable; the files go.
/// </content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Deletes the oldest segments that retention.ms, retention.bytes or the log's start let go, whole ones and only below
    /// the high watermark; of a log that is only compacted, those below its start. Also the active one, after a roll.
    /// </summary>
    /// <returns>How many segments went.</returns>
    /// <exception cref="DiskException">The disk is full, or the directory failed and is offline.</exception>
    public int DeleteOldSegments(long highWatermark)
    {
        if (FindOldSegments(highWatermark) is not { } plan)
            return 0;
        RunLocked(() => _home.PersistLogStart(Partition, Math.Max(plan.LogStartOffset, _logStartOffset)));
        return RemoveOldSegments(plan);
    }

    /// <summary>What is to go; null for nothing. The active segment rolls here if it is to go.</summary>
    internal RetentionPlan? FindOldSegments(long highWatermark)
    {
        // Most logs keep what they have, which needs neither the lock nor a file.
        if (!MayHaveOldSegments(highWatermark))
            return null;
        RetentionPlan? plan = null;
        RunLocked(() =>
        {
            int count = CountOldSegments(highWatermark);
            if (count == 0)
                return;
            if (count == _segments.Length)
                RollAt(_logEndOffset, Config);
            plan = new RetentionPlan(Math.Max(_logStartOffset, _segments[count].BaseOffset), _cutsCount);
        });
        return plan;
    }

    /// <summary>Removes what was found, once the start is durable.</summary>
    /// <returns>How many segments went.</returns>
    internal int RemoveOldSegments(RetentionPlan plan)
    {
        int removed = 0;
        RunLocked(() =>
        {
            if (plan.CutsCount != _cutsCount)
            {
                // The log was cut meanwhile and may end before the start that was written: what holds is written again.
                _home.PersistLogStart(Partition, _logStartOffset);
                return;
            }
            removed = StartAt(plan.LogStartOffset);
        });
        return removed;
    }

    private bool MayHaveOldSegments(long highWatermark)
    {
        if (!IsUsable)
            return false;
        LogSegment first = Segments[0];
        LogConfig config = Config;
        return first.NextOffset <= highWatermark
            && first.SizeInBytes > 0
            && (first.NextOffset <= LogStartOffset || (config.IsDeleted && (config.RetentionMs >= 0 || config.RetentionBytes >= 0)));
    }

    private int CountOldSegments(long highWatermark)
    {
        LogConfig config = Config;
        long nowMs = NowMs;
        long sizeInBytes = SizeInBytes;
        int count = 0;
        int told = 0;
        string? toldReason = null;
        foreach (LogSegment segment in _segments)
        {
            long end = count + 1 < _segments.Length ? _segments[count + 1].BaseOffset : _logEndOffset;
            bool isEmptyActive = segment.SizeInBytes == 0 && count + 1 == _segments.Length;
            string? reason = end > highWatermark || isEmptyActive ? null : ReasonToGo(segment, end, sizeInBytes, nowMs, config);
            if (reason != toldReason && toldReason is not null)
                TellDeletion(told, count, toldReason);
            if (reason is null)
                return count;
            if (reason != toldReason)
                (told, toldReason) = (count, reason);
            sizeInBytes -= segment.SizeInBytes;
            count++;
        }
        TellDeletion(told, count, toldReason!);
        return count;
    }

    private string? ReasonToGo(LogSegment segment, long end, long logSizeInBytes, long nowMs, LogConfig config)
    {
        if (end <= _logStartOffset)
            return "they lie below the log's start";
        if (config.IsDeleted && config.RetentionBytes >= 0 && logSizeInBytes - config.RetentionBytes >= segment.SizeInBytes)
            return "retention.bytes is exceeded";
        if (config.IsDeleted && config.RetentionMs >= 0 && nowMs - AgeFromMs(segment) > config.RetentionMs)
            return "retention.ms has passed";
        return null;
    }

    // Records without timestamps age from the last time that the file was written.
    private long AgeFromMs(LogSegment segment)
    {
        bool wasReady = segment.IsReady;
        (long timestampMs, _) = MaxTimestampOf(segment);
        // A look at every old segment's times shall not leave its files open.
        if (!wasReady)
            _store.OpenFiles.Close(segment.Log);
        return timestampMs >= 0 ? timestampMs : _home.Files.FileModifiedMs(segment.Log.File.Path);
    }

    private void TellDeletion(int from, int to, string reason)
    {
        long end = to < _segments.Length ? _segments[to].BaseOffset : _logEndOffset;
        long sizeInBytes = 0;
        foreach (LogSegment segment in _segments.AsSpan(from, to - from))
            sizeInBytes += segment.SizeInBytes;
        _home.Logger.LogInformation(
            "Deleting {Count} segment(s) of {Partition}, offsets {Start} to {End}, {Bytes} bytes: {Reason}",
            to - from, Partition, _segments[from].BaseOffset, end, sizeInBytes, reason);
    }
}
