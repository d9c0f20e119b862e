using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What a walk over a segment found.</summary>
/// <param name="NextOffset">The offset after the last sound batch.</param>
/// <param name="SizeInBytes">Where the sound batches end in the file.</param>
/// <param name="ScannedBytes">Bytes walked over.</param>
/// <param name="CheckedFrom">From here on every batch's CRC was checked.</param>
/// <param name="Problem">Why the walk ended before the end of the file; null when it did not.</param>
internal readonly record struct SegmentScanResult(long NextOffset, long SizeInBytes, long ScannedBytes, long CheckedFrom, string? Problem);

/// <summary>
/// Walks the batches of one segment and fills what its indexes miss: the way to the end of an active segment, the repair
/// of a lost index, and recovery after a crash are this one walk with more or less checking.
/// </summary>
internal static class SegmentScan
{
    /// <summary>Walks from the last place both indexes know; once more and from the start if that leads nowhere.</summary>
    /// <param name="segment">Its indexes hold trusted entries only.</param>
    /// <param name="end">Where to stop.</param>
    /// <param name="indexIntervalBytes">index.interval.bytes.</param>
    /// <param name="crcFromOffset">The CRC of batches that end at or beyond it is checked.</param>
    /// <param name="epochs">Learns the epochs of those batches; null where they are known.</param>
    public static SegmentScanResult Run(
        LogSegment segment, long end, int indexIntervalBytes, long crcFromOffset, LeaderEpochCache? epochs)
    {
        SegmentScanResult found = Walk(segment, end, indexIntervalBytes, crcFromOffset, epochs);
        // An entry points at a batch. From where there is none the walk does not begin, and the index was not true.
        if (found.ScannedBytes > 0 || segment.Index.Count == 0)
            return found;
        segment.Index.Clear();
        segment.TimeIndex.Clear();
        return Walk(segment, end, indexIntervalBytes, crcFromOffset, epochs);
    }

    private static SegmentScanResult Walk(
        LogSegment segment, long end, int indexIntervalBytes, long crcFromOffset, LeaderEpochCache? epochs)
    {
        (long lastIndexed, int indexPosition) =
            segment.Index.Count > 0 ? segment.Index[segment.Index.Count - 1] : (segment.BaseOffset - 1, 0);
        (segment.MaxTimestampMs, segment.MaxTimestampOffset) = segment.TimeIndex.Last;
        int timePosition = segment.TimeIndex.Count > 0 ? segment.Index.PositionAtOrBefore(segment.MaxTimestampOffset) : 0;
        long start = Math.Max(0, Math.Min(indexPosition, timePosition));
        segment.FirstTimestampMs = ReadFirstTimestamp(segment, end);
        segment.BytesSinceIndexEntry = 0;

        using BatchCrc crc = new(segment.Log.File);
        BatchScanner scanner = new(segment.Log.File, stackalloc byte[BatchScanner.WindowBytes], start, end);
        long nextOffset = segment.BaseOffset;
        string? problem = null;
        long checkedFrom = -1;
        while (scanner.MoveNext())
        {
            RecordBatchHeader header = scanner.Header;
            bool isFresh = header.LastOffset >= crcFromOffset;
            problem = FindProblem(header, segment.BaseOffset, nextOffset)
                ?? (isFresh && !crc.IsValid(header, scanner.Position) ? "the CRC is wrong" : null);
            if (problem is not null)
                return new SegmentScanResult(nextOffset, scanner.Position, scanner.Position - start, CheckedFrom(scanner.Position), problem);
            if (isFresh && checkedFrom < 0)
                checkedFrom = scanner.Position;
            if (isFresh)
                epochs?.Assign(header.PartitionLeaderEpoch, header.BaseOffset);
            segment.Account(header, (int)scanner.Position, indexIntervalBytes, indexesFit: header.LastOffset > lastIndexed);
            nextOffset = header.NextOffset;
        }
        if (scanner.IsBroken)
            problem = "what lies here is no whole batch";
        return new SegmentScanResult(nextOffset, scanner.NextPosition, scanner.NextPosition - start, CheckedFrom(scanner.NextPosition), problem);

        long CheckedFrom(long scanEnd) => checkedFrom < 0 ? scanEnd : checkedFrom;
    }

    private static string? FindProblem(in RecordBatchHeader header, long baseOffset, long offsetMin)
    {
        if (header.BaseOffset < offsetMin)
            return $"base offset {header.BaseOffset} where at least {offsetMin} was due";
        if (header.LastOffset - baseOffset > int.MaxValue)
            return $"offset {header.LastOffset} does not belong to this segment";
        return null;
    }

    private static long ReadFirstTimestamp(LogSegment segment, long end)
    {
        BatchScanner scanner = new(segment.Log.File, stackalloc byte[RecordBatchHeader.SizeInBytes], 0, end);
        return scanner.MoveNext() ? scanner.Header.MaxTimestamp : RecordBatchHeader.NoTimestamp;
    }
}
