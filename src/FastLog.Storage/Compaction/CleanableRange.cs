namespace FastLog.Storage;

/// <summary>One segment as the choice of what to clean sees it.</summary>
/// <param name="BaseOffset">Its first offset.</param>
/// <param name="NextOffset">The offset after its last one.</param>
/// <param name="SizeInBytes">Its log file's size.</param>
/// <param name="IndexBytes">The size of the larger one of its two indexes.</param>
/// <param name="MaxTimestampMs">Its records' largest timestamp, -1 for none.</param>
/// <param name="FirstTimestampMs">Its first batch's timestamp, -1 for none or not known.</param>
internal readonly record struct SegmentSummary(
    long BaseOffset, long NextOffset, int SizeInBytes, long IndexBytes, long MaxTimestampMs, long FirstTimestampMs);

/// <summary>What of a log could be cleaned now. Pure.</summary>
/// <param name="FirstDirtyOffset">All below was cleaned before.</param>
/// <param name="EndOffset">The end of what may be cleaned, exclusive: a segment's base.</param>
/// <param name="CleanBytes">Bytes of the segments below the first dirty offset.</param>
/// <param name="DirtyBytes">Bytes of the segments that can be cleaned.</param>
/// <param name="IsOverdue">A dirty record is older than max.compaction.lag.ms.</param>
internal readonly record struct CleanableRange(
    long FirstDirtyOffset, long EndOffset, long CleanBytes, long DirtyBytes, bool IsOverdue)
{
    public bool IsEmpty => DirtyBytes == 0 || EndOffset <= FirstDirtyOffset;

    /// <summary>The dirty share, 0 to 1.</summary>
    public double DirtyRatio => CleanBytes + DirtyBytes == 0 ? 0 : (double)DirtyBytes / (CleanBytes + DirtyBytes);

    /// <summary>Whether it is worth cleaning, or has to be.</summary>
    public bool IsDue(LogConfig config) => !IsEmpty && (IsOverdue || DirtyRatio > config.MinCleanableDirtyRatio);

    /// <summary>Looks at a log.</summary>
    /// <param name="segments">All segments, the active one last.</param>
    /// <param name="checkpointedOffset">Where the last cleaning ended; 0 when none is known of.</param>
    /// <param name="logStartOffset">The log's start.</param>
    /// <param name="upperBoundOffset">The last stable offset: nothing at or beyond it is touched.</param>
    /// <param name="config">The topic's settings.</param>
    /// <param name="nowMs">Now.</param>
    public static CleanableRange Of(
        ReadOnlySpan<SegmentSummary> segments,
        long checkpointedOffset,
        long logStartOffset,
        long upperBoundOffset,
        LogConfig config,
        long nowMs)
    {
        long activeBase = segments[^1].BaseOffset;
        // A checkpoint that no log of this shape can have written is one of a log before it: all is dirty.
        bool isKnown = checkpointedOffset >= logStartOffset && checkpointedOffset <= activeBase;
        long firstDirty = isKnown ? checkpointedOffset : logStartOffset;
        long end = Math.Min(activeBase, BaseOfSegmentWith(segments, upperBoundOffset));
        bool isOverdue = false;
        long cleanBytes = 0;
        long dirtyBytes = 0;
        foreach (ref readonly SegmentSummary segment in segments[..^1])
        {
            if (segment.NextOffset <= firstDirty)
            {
                cleanBytes += segment.SizeInBytes;
                continue;
            }
            if (config.MinCompactionLagMs > 0 && segment.MaxTimestampMs > nowMs - config.MinCompactionLagMs)
                end = Math.Min(end, segment.BaseOffset);
            if (segment.BaseOffset >= end)
                break;
            dirtyBytes += segment.SizeInBytes;
            isOverdue |= segment.FirstTimestampMs > 0 && segment.FirstTimestampMs < nowMs - config.MaxCompactionLagMs;
        }
        return new CleanableRange(firstDirty, end, cleanBytes, dirtyBytes, isOverdue);
    }

    private static long BaseOfSegmentWith(ReadOnlySpan<SegmentSummary> segments, long offset)
    {
        int i = segments.Length - 1;
        while (i > 0 && segments[i].BaseOffset > offset)
            i--;
        return segments[i].BaseOffset;
    }
}
