using FastLog.Records;

namespace FastLog.Storage;

/// <summary>Cuts indexes down to what can be trusted. An index too short costs a longer scan; a wrong one, wrong answers.</summary>
internal static class IndexChecks
{
    /// <summary>The quick look at files that were closed or synced: no zero tail, a last entry that fits the segment.</summary>
    public static bool HaveSaneTails(LogSegment segment, long nextOffset, long sizeInBytes)
    {
        segment.Index.DropZeroTail();
        segment.TimeIndex.DropZeroTail();
        if (segment.Index.Count > 0)
        {
            (long offset, int position) = segment.Index[segment.Index.Count - 1];
            if (offset >= nextOffset || position < 0 || position >= sizeInBytes)
                return false;
        }
        return segment.TimeIndex.Last.Offset < Math.Max(nextOffset, segment.BaseOffset + 1);
    }

    /// <summary>Goes through all entries after an unclean stop and keeps those before the first one that cannot be true.</summary>
    public static void KeepTrustedEntries(LogSegment segment, long offsetLimit, long sizeInBytes)
    {
        int count = CountRising(segment.Index, offsetLimit, sizeInBytes);
        segment.Index.Truncate(count);
        while (segment.Index.Count > 0 && !PointsAtBatch(segment, sizeInBytes))
            segment.Index.Truncate(segment.Index.Count - 1);
        segment.TimeIndex.Truncate(CountRising(segment.TimeIndex, offsetLimit));
    }

    private static int CountRising(OffsetIndex index, long offsetLimit, long sizeInBytes)
    {
        long offsetBefore = -1;
        long positionBefore = 0;
        int count = index.Count;
        for (int i = 0; i < count; i++)
        {
            (long offset, int position) = index[i];
            if (offset <= offsetBefore || offset >= offsetLimit || position <= positionBefore || position >= sizeInBytes)
                return i;
            offsetBefore = offset;
            positionBefore = position;
        }
        return count;
    }

    private static int CountRising(TimeIndex index, long offsetLimit)
    {
        long timestampBefore = -1;
        long offsetBefore = -1;
        int count = index.Count;
        for (int i = 0; i < count; i++)
        {
            (long timestampMs, long offset) = index[i];
            if (timestampMs <= timestampBefore || offset <= offsetBefore || offset >= offsetLimit)
                return i;
            timestampBefore = timestampMs;
            offsetBefore = offset;
        }
        return count;
    }

    private static bool PointsAtBatch(LogSegment segment, long sizeInBytes)
    {
        (long offset, int position) = segment.Index[segment.Index.Count - 1];
        Span<byte> window = stackalloc byte[RecordBatchHeader.SizeInBytes];
        BatchScanner scanner = new(segment.Log.File, window, position, sizeInBytes);
        return scanner.MoveNext() && scanner.Header.BaseOffset <= offset && scanner.Header.BaseOffset >= segment.BaseOffset;
    }
}
