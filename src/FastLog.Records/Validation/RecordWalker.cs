using System.Buffers;
using System.Runtime.CompilerServices;

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

        Tally tally = new(header, options.RequiresContiguousOffsets);
        RecordCursor cursor = new(plainRecords);
        while (tally.Index < header.RecordsCount)
        {
            cursor.Advance(TakeSimpleRecords(cursor.Ahead, header.RecordsCount, ref tally));
            if (tally.Index == header.RecordsCount)
            {
                break;
            }

            if (!TryReadRecord(ref cursor, out WalkedRecord record))
            {
                summary.BadRecordIndex = tally.Index;
                return BatchError.BadRecord;
            }

            if (!tally.TryTake(record))
            {
                if (!options.ToleratesMisnumbered || header.CompressionType == CompressionType.None)
                {
                    summary.BadRecordIndex = tally.Index;
                    return BatchError.BadOffsetDelta;
                }

                summary.IsMisnumbered = true;
                tally.Take(record);
            }
        }

        if (cursor.Consumed != cursor.LengthBytes)
        {
            return BatchError.BadRecordCount;
        }

        tally.Conclude(ref summary);
        if (limits.MayBeExceeded(summary))
        {
            RecordFaults.List(plainRecords, header, limits, ref summary);
        }

        return BatchError.None;
    }

    /// <summary>Takes records as long as they are of the simple kind and numbered as they must be.</summary>
    /// <returns>How many bytes they were.</returns>
    private static int TakeSimpleRecords(ReadOnlySpan<byte> ahead, int recordsCount, ref Tally tally)
    {
        Tally local = tally;
        int taken = 0;
        while (local.Index < recordsCount)
        {
            int size = SimpleRecord.TryRead(ahead[taken..], out WalkedRecord record);
            if (size == 0 || !local.TryTake(record))
            {
                break;
            }

            taken += size;
        }

        tally = local;
        return taken;
    }

    /// <summary>Reads a record of any kind; false when it is not sound.</summary>
    public static bool TryReadRecord(ref RecordCursor cursor, out WalkedRecord record)
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

    /// <summary>Where a walk stands and what it has seen.</summary>
    private struct Tally(in RecordBatchHeader header, bool requiresContiguousOffsets)
    {
        private readonly bool _requiresContiguousOffsets = requiresContiguousOffsets;
        private readonly int _lastOffsetDelta = header.LastOffsetDelta;
        private readonly bool _isAppendTime = header.TimestampType == TimestampType.LogAppendTime;
        private readonly long _baseTimestamp = header.BaseTimestamp;
        private int _offsetDeltaBefore = -1;
        private long _minTimestamp;
        private long _maxTimestamp;
        private int _offsetDeltaOfMax;
        private int _nullKeysCount;
        private int _firstNullKeyIndex = -1;

        /// <summary>Records taken.</summary>
        public int Index { get; private set; }

        /// <summary>Takes a record, unless its offset delta is not what the rules ask for.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryTake(in WalkedRecord record)
        {
            bool isInPlace = _requiresContiguousOffsets
                ? record.OffsetDelta == Index
                : record.OffsetDelta > _offsetDeltaBefore && record.OffsetDelta <= _lastOffsetDelta;
            if (isInPlace)
            {
                Take(record);
            }

            return isInPlace;
        }

        /// <summary>Takes a record, whatever its offset delta.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(in WalkedRecord record)
        {
            if (record.KeyIsNull)
            {
                _firstNullKeyIndex = _nullKeysCount == 0 ? Index : _firstNullKeyIndex;
                _nullKeysCount++;
            }

            // A sum that wraps around is a timestamp like any other; the topic's limits are there to refuse it.
            long timestamp = _baseTimestamp + record.TimestampDelta;
            if (timestamp > _maxTimestamp || Index == 0)
            {
                _maxTimestamp = timestamp;
                _offsetDeltaOfMax = record.OffsetDelta;
            }

            if (timestamp < _minTimestamp || Index == 0)
            {
                _minTimestamp = timestamp;
            }

            _offsetDeltaBefore = record.OffsetDelta;
            Index++;
        }

        /// <summary>Fills in the summary once all records are taken.</summary>
        public readonly void Conclude(ref BatchSummary summary)
        {
            summary.IsWalked = true;
            summary.NullKeysCount = _nullKeysCount;
            summary.FirstNullKeyIndex = _firstNullKeyIndex;
            if (!_isAppendTime)
            {
                summary.MinTimestamp = _minTimestamp;
                summary.MaxTimestamp = _maxTimestamp;
                summary.OffsetDeltaOfMaxTimestamp = _offsetDeltaOfMax;
            }
        }
    }
}
