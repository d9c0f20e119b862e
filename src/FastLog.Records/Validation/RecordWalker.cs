using System.Buffers;

namespace FastLog.Records;

/// <summary>Walks plain records in place, over however many segments, and adds up what storage wants to know.</summary>
internal static class RecordWalker
{
    /// <summary>Checks every record of a batch and fills in the summary.</summary>
    public static BatchError Walk(
        in ReadOnlySequence<byte> plainRecords,
        in RecordBatchHeader header,
        BatchCheckOptions options,
        in RecordLimits limits,
        ref BatchSummary summary)
    {
        summary.PlainSizeInBytes = plainRecords.Length;
        if ((long)header.RecordsCount * RecordBytes.RecordSizeMinBytes > plainRecords.Length)
        {
            return BatchError.BadRecordCount;
        }

        RecordCursor cursor = new(plainRecords);
        int offsetDeltaBefore = -1;
        for (int i = 0; i < header.RecordsCount; i++)
        {
            if (!TryReadRecord(ref cursor, out Fields record))
            {
                summary.BadRecordIndex = i;
                return BatchError.BadRecord;
            }

            bool isInPlace = options.RequiresContiguousOffsets
                ? record.OffsetDelta == i
                : record.OffsetDelta > offsetDeltaBefore && record.OffsetDelta <= header.LastOffsetDelta;
            if (!isInPlace)
            {
                if (!options.ToleratesMisnumbered || header.CompressionType == CompressionType.None)
                {
                    summary.BadRecordIndex = i;
                    return BatchError.BadOffsetDelta;
                }

                summary.IsMisnumbered = true;
            }

            offsetDeltaBefore = record.OffsetDelta;
            Add(record, i, header, limits, ref summary);
        }

        summary.IsWalked = true;
        return cursor.Consumed == cursor.LengthBytes ? BatchError.None : BatchError.BadRecordCount;
    }

    private static void Add(
        in Fields record, int index, in RecordBatchHeader header, in RecordLimits limits, ref BatchSummary summary)
    {
        bool isAppendTime = header.TimestampType == TimestampType.LogAppendTime;
        long timestamp = isAppendTime ? header.MaxTimestamp : header.BaseTimestamp + record.TimestampDelta;
        if (record.KeyIsNull)
        {
            summary.FirstNullKeyIndex = summary.NullKeysCount == 0 ? index : summary.FirstNullKeyIndex;
            summary.NullKeysCount++;
        }

        if (limits.RequiresKeys && record.KeyIsNull)
        {
            Report(new RecordFault(index, RecordFaultKind.MissingKey, timestamp), ref summary);
        }
        else if (limits.IsOutside(timestamp))
        {
            Report(new RecordFault(index, RecordFaultKind.TimestampOutOfRange, timestamp), ref summary);
        }

        if (isAppendTime)
        {
            return;
        }

        if (index == 0 || timestamp > summary.MaxTimestamp)
        {
            summary.MaxTimestamp = timestamp;
            summary.OffsetDeltaOfMaxTimestamp = record.OffsetDelta;
        }

        if (index == 0 || timestamp < summary.MinTimestamp)
        {
            summary.MinTimestamp = timestamp;
        }
    }

    private static void Report(in RecordFault fault, ref BatchSummary summary)
    {
        List<RecordFault> faults = (List<RecordFault>?)summary.Faults ?? [];
        summary.Faults = faults;
        if (faults.Count < RecordFault.ListedMax)
        {
            faults.Add(fault);
        }
    }

    private static bool TryReadRecord(ref RecordCursor cursor, out Fields record)
    {
        record = default;
        if (!cursor.TryReadInt(out int length) || length < 0 || length > cursor.LengthBytes - cursor.Consumed)
        {
            return false;
        }

        // A field may run past the record's end into the next one: the last comparison finds that out.
        long end = cursor.Consumed + length;
        return cursor.TryReadByte(out _)
            && cursor.TryReadLong(out record.TimestampDelta)
            && cursor.TryReadInt(out record.OffsetDelta)
            && TrySkipNullable(ref cursor, out record.KeyIsNull)
            && TrySkipNullable(ref cursor, out _)
            && cursor.TryReadInt(out int headerCount)
            && (headerCount == 0 || TrySkipHeaders(ref cursor, headerCount, end))
            && cursor.Consumed == end;
    }

    private static bool TrySkipHeaders(ref RecordCursor cursor, int count, long end)
    {
        if (count < 0 || count > (end - cursor.Consumed) / RecordBytes.HeaderSizeMinBytes)
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            if (!TrySkipNullable(ref cursor, out bool keyIsNull) || keyIsNull || !TrySkipNullable(ref cursor, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TrySkipNullable(ref RecordCursor cursor, out bool isNull)
    {
        if (!cursor.TryReadInt(out int length))
        {
            isNull = false;
            return false;
        }

        isNull = length == -1;
        return isNull || (length >= 0 && cursor.TrySkip(length));
    }

    private struct Fields
    {
        public long TimestampDelta;
        public int OffsetDelta;
        public bool KeyIsNull;
    }
}
