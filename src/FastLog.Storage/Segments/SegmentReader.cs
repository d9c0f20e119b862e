using FastLog.Records;

namespace FastLog.Storage;

/// <summary>A run of whole batches in one segment.</summary>
/// <param name="Position">Where it starts.</param>
/// <param name="SizeInBytes">Its length; 0 when there is nothing.</param>
/// <param name="NextOffset">All records below it, from the asked offset on, are in the run.</param>
/// <param name="IsPastEnd">The segment holds nothing at or beyond the asked offset.</param>
internal readonly record struct SegmentRegion(int Position, int SizeInBytes, long NextOffset, bool IsPastEnd);

/// <summary>Finds the run of batches that answers a read within one segment.</summary>
internal static class SegmentReader
{
    /// <summary>
    /// Ok, or Corrupt with the damaged place as the region's position. Batches that this process neither wrote nor checked
    /// yet are checked now, so what is in the region is as it was written. The caller holds a reference to the segment's
    /// file, and the segment is ready.
    /// </summary>
    public static ReadStatus TryFind(
        LogSegment segment, long offset, int maxBytes, long limit, bool atLeastOneBatch, out SegmentRegion region)
    {
        (long nextOffset, int size) = segment.Tail;
        if (!TryLocate(segment, offset, size, out int start, out _))
        {
            region = new SegmentRegion(start, 0, offset, IsPastEnd: false);
            return ReadStatus.Corrupt;
        }
        if (start >= size)
        {
            region = new SegmentRegion(size, 0, nextOffset, IsPastEnd: true);
            return ReadStatus.Ok;
        }
        int end = size;
        long after = nextOffset;
        bool isKnown = (limit >= nextOffset || TryLocate(segment, limit, size, out end, out after))
            && (end - start <= Math.Max(maxBytes, 0) || TryShorten(segment, start, maxBytes, atLeastOneBatch, ref end, ref after));
        if (!isKnown || (end > start && !segment.IsVerified(start, end)))
        {
            CheckedRun run = CheckedRun.Find(segment, start, (nextOffset, size), maxBytes, limit, atLeastOneBatch);
            (end, after) = (run.End, run.NextOffset);
            if (run.IsDamaged && end == start)
            {
                region = new SegmentRegion(start, 0, offset, IsPastEnd: false);
                return ReadStatus.Corrupt;
            }
        }
        region = default;
        if (end <= start)
            return ReadStatus.Ok;
        if (after > offset && segment.Contains(after))
            segment.Hints.Remember(segment.Relative(after), end);
        region = new SegmentRegion(start, end - start, after, IsPastEnd: false);
        return ReadStatus.Ok;
    }

    /// <summary>
    /// Where the first batch that ends at or beyond an offset starts (the segment's size when there is none), and an
    /// offset between which and the asked one no record lies before that place.
    /// </summary>
    private static bool TryLocate(LogSegment segment, long offset, int size, out int position, out long boundary)
    {
        boundary = offset;
        long from = Math.Max(offset, segment.BaseOffset);
        if (segment.Contains(from) && segment.Hints.TryFind(segment.Relative(from), out position))
            return position <= size;
        BatchScanner scanner = BatchScanner.From(segment, stackalloc byte[BatchScanner.WindowBytes], from, size);
        (RecordBatchHeader Header, int Position)? passed = null;
        while (scanner.MoveNext())
        {
            RecordBatchHeader header = scanner.Header;
            if (header.LastOffset >= offset)
            {
                position = (int)scanner.Position;
                boundary = Math.Min(offset, header.BaseOffset);
                return header.BaseOffset <= offset || IsSound(segment, passed, ref position);
            }
            passed = (header, (int)scanner.Position);
        }
        position = scanner.IsBroken ? (int)scanner.NextPosition : size;
        return !scanner.IsBroken && (offset >= segment.NextOffset || IsSound(segment, passed, ref position));
    }

    /// <summary>
    /// Where the offset lies in a gap: whether compaction left it, or the batch before hides the record, its header being
    /// damaged.
    /// </summary>
    private static bool IsSound(LogSegment segment, (RecordBatchHeader Header, int Position)? passed, ref int position)
    {
        if (passed is not var (header, start) || segment.IsVerified(start, start + (int)header.TotalSizeInBytes))
            return true;
        using (BatchCrc crc = new(segment.Log.File))
        {
            if (crc.IsValid(header, start))
                return true;
        }
        position = start;
        return false;
    }

    /// <summary>Takes batches off the end until the run is short enough.</summary>
    private static bool TryShorten(
        LogSegment segment, int start, int maxBytes, bool atLeastOneBatch, ref int end, ref long after)
    {
        long wanted = (long)start + Math.Max(maxBytes, 0);
        int from = Math.Max(start, segment.Index.BatchStartAtOrBefore(wanted));
        Span<byte> window = stackalloc byte[BatchScanner.WindowBytes];
        BatchScanner scanner = new(segment.Log.File, window, from, end);
        int shortened = from;
        bool isFirst = from == start;
        while (scanner.MoveNext())
        {
            bool fits = scanner.NextPosition <= wanted;
            if (!fits && !(isFirst && atLeastOneBatch))
            {
                // The batch that does not fit tells where the next read starts.
                after = scanner.Header.BaseOffset;
                end = shortened;
                return true;
            }
            isFirst = false;
            shortened = (int)scanner.NextPosition;
            after = scanner.Header.NextOffset;
        }
        end = shortened;
        return !scanner.IsBroken;
    }
}
