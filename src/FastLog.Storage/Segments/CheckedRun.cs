using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// A run of batches found by going through them one by one and checking each: its CRC, and that offsets rise, as the CRC
/// does not cover the base offset. Costs reading the bytes, so what was checked is remembered and not checked again.
/// </summary>
/// <param name="End">Where the run ends in the file.</param>
/// <param name="NextOffset">All records below it, from the run's start on, are in the run.</param>
/// <param name="IsDamaged">It ends because what lies there is not as it was written.</param>
internal readonly record struct CheckedRun(int End, long NextOffset, bool IsDamaged)
{
    /// <summary>The longest run from a batch's start on that is sound, within a read's limits.</summary>
    public static CheckedRun Find(
        LogSegment segment, int start, (long NextOffset, int SizeInBytes) tail, int maxBytes, long limit, bool atLeastOneBatch)
    {
        using BatchCrc crc = new(segment.Log.File);
        BatchScanner scanner = new(segment.Log.File, stackalloc byte[BatchScanner.WindowBytes], start, tail.SizeInBytes);
        long wanted = (long)start + Math.Max(maxBytes, 0);
        // The newest batch is certain only once the one behind it starts where it may: a base offset can be wrong upwards.
        CheckedRun certain = new(start, segment.BaseOffset, false);
        CheckedRun newest = certain;
        long? stopsAt = null;
        bool isDamaged = false;
        while (stopsAt is null && !isDamaged && scanner.MoveNext())
        {
            RecordBatchHeader header = scanner.Header;
            if (header.BaseOffset < newest.NextOffset && header.BaseOffset >= certain.NextOffset)
                return Checked(segment, start, certain with { IsDamaged = true });
            certain = newest;
            if (header.BaseOffset < newest.NextOffset || header.NextOffset > tail.NextOffset)
                isDamaged = true;
            else if (header.LastOffset >= limit)
                stopsAt = Math.Min(limit, header.BaseOffset);
            else if (scanner.NextPosition > wanted && !(scanner.Position == start && atLeastOneBatch))
                stopsAt = header.BaseOffset;
            else if (!crc.IsValid(header, scanner.Position))
                isDamaged = true;
            else
                newest = new CheckedRun((int)scanner.NextPosition, header.NextOffset, false);
        }
        if (scanner.IsBroken || isDamaged)
            return Checked(segment, start, newest with { IsDamaged = true });
        return Checked(segment, start, newest with { NextOffset = stopsAt ?? tail.NextOffset });
    }

    private static CheckedRun Checked(LogSegment segment, int start, CheckedRun run)
    {
        segment.NoteVerified(start, run.End);
        return run;
    }
}
