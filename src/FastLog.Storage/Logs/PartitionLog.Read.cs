namespace FastLog.Storage;

/// <content>Finding bytes for readers. No lock, no allocation; bytes are not touched, only headers.</content>
public sealed partial class PartitionLog
{
    /// <summary>
    /// Finds whole batches to send, from the one that contains the offset on, within one segment.
    /// </summary>
    /// <param name="offset">Where to start; the log's end is allowed and gives nothing.</param>
    /// <param name="maxBytes">The most bytes wanted.</param>
    /// <param name="upperBoundOffset">Batches that reach it or lie beyond are left out (high watermark, last stable offset).</param>
    /// <param name="atLeastOneBatch">Return the first batch even if it is larger than <paramref name="maxBytes"/>.</param>
    public ReadResult Read(long offset, int maxBytes, long upperBoundOffset, bool atLeastOneBatch)
    {
        while (true)
        {
            if (!IsUsable)
                return ReadResult.Empty(ReadStatus.StorageError, offset);
            LogSegment[] segments = Segments;
            long end = segments[^1].NextOffset;
            if (offset < LogStartOffset || offset > end)
            {
                // A cut or a deletion in between moves both ends; only what held all the time is an answer.
                if (segments == Segments)
                    return ReadResult.Empty(ReadStatus.OutOfRange, offset);
                continue;
            }
            ReadStatus status = TryRead(segments, offset, maxBytes, Math.Min(upperBoundOffset, end), atLeastOneBatch, out ReadResult result);
            if (status == ReadStatus.Ok || segments == Segments)
                return status == ReadStatus.Ok ? result : ReadResult.Empty(status, offset);
        }
    }

    private ReadStatus TryRead(
        LogSegment[] segments, long offset, int maxBytes, long limit, bool atLeastOneBatch, out ReadResult result)
    {
        result = ReadResult.Empty(ReadStatus.Ok, offset);
        if (offset >= limit || (maxBytes <= 0 && !atLeastOneBatch))
            return ReadStatus.Ok;
        // Compaction can leave nothing at or behind the offset in its own segment: then the next one has it.
        for (int i = FloorIndex(segments, offset); i < segments.Length && segments[i].BaseOffset < limit; i++)
        {
            LogSegment segment = segments[i];
            if (!segment.Log.TryAcquire())
                return ReadStatus.StorageError;
            try
            {
                MakeReady(segment);
                ReadStatus status = SegmentReader.TryFind(segment, offset, maxBytes, limit, atLeastOneBatch, out SegmentRegion region);
                if (status != ReadStatus.Ok || region.SizeInBytes == 0)
                {
                    segment.Log.Dispose();
                    if (status != ReadStatus.Ok || !region.IsPastEnd)
                        return status;
                    continue;
                }
                segment.Log.EnsureOpen();
                result = new ReadResult
                {
                    Status = ReadStatus.Ok,
                    Lease = segment.Log,
                    Position = region.Position,
                    SizeInBytes = region.SizeInBytes,
                    Offset = offset,
                    NextOffset = region.NextOffset,
                };
                return ReadStatus.Ok;
            }
            catch (DiskException)
            {
                segment.Log.Dispose();
                return ReadStatus.StorageError;
            }
        }
        return ReadStatus.Ok;
    }

    private void MakeReady(LogSegment segment)
    {
        if (!segment.IsReady)
            SegmentReadying.MakeReady(segment, Config.IndexIntervalBytes, _home.Logger);
    }

    /// <summary>The last segment whose base is at or below the offset; the first one for offsets below all.</summary>
    private static int FloorIndex(LogSegment[] segments, long offset)
    {
        int low = 0;
        int high = segments.Length - 1;
        while (low < high)
        {
            int middle = low + (high - low + 1) / 2;
            if (segments[middle].BaseOffset <= offset)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }
}
