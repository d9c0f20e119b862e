using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// What a segment found at start is given at its first use: a look at its indexes, new ones if they do not fit, and its
/// times. Not at start, where nobody needs it of most segments and it would cost three open files each.
/// </summary>
internal static class SegmentReadying
{
    /// <summary>Does it unless it was done. The caller holds a reference to the segment's files.</summary>
    public static void MakeReady(LogSegment segment, int indexIntervalBytes, ILogger logger)
    {
        if (segment.IsReady)
            return;
        // An append makes the segment ready before it changes anything, so here nothing moves.
        lock (segment)
        {
            if (segment.IsReady)
                return;
            (long nextOffset, int size) = segment.Tail;
            bool fits = IndexChecks.HaveSaneTails(segment, nextOffset, size) && !AreTooShort(segment, size, indexIntervalBytes);
            if (fits && segment.IsSealedAndSynced)
                (segment.MaxTimestampMs, segment.MaxTimestampOffset) = segment.TimeIndex.Last;
            else
                Rebuild(segment, fits, size, indexIntervalBytes, logger);
            segment.IsReady = true;
        }
    }

    // Whether an index is missing cannot be told from one that holds nothing; nor need it be.
    private static bool AreTooShort(LogSegment segment, int size, int indexIntervalBytes) =>
        (segment.Index.Count == 0 && size > indexIntervalBytes) || (segment.TimeIndex.Count == 0 && size > 0);

    private static void Rebuild(LogSegment segment, bool keepsEntries, int size, int indexIntervalBytes, ILogger logger)
    {
        if (!keepsEntries)
        {
            if (segment.Index.Count + segment.TimeIndex.Count > 0)
                logger.LogWarning("Rebuilding the indexes of {Log}: they do not fit", segment.Log.File.Path);
            segment.Index.Clear();
            segment.TimeIndex.Clear();
        }
        SegmentScanResult found = SegmentScan.Run(segment, size, indexIntervalBytes, crcFromOffset: long.MaxValue, epochs: null);
        if (found.Problem is { } problem)
            logger.LogError("Damage in {Log} at position {Position}: {Problem}", segment.Log.File.Path, found.SizeInBytes, problem);
        if (!segment.IsSealedAndSynced)
            return;
        try
        {
            segment.StoreIndexes(releaseBuffers: true);
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            logger.LogWarning(failure, "No space for the indexes of {Log}: they stay in memory", segment.Log.File.Path);
        }
    }
}
