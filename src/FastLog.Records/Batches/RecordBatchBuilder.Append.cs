namespace FastLog.Records;

/// <content>Putting records in.</content>
public sealed partial class RecordBatchBuilder
{
    /// <summary>
    /// Appends a record at the next offset; false, with nothing changed, when the batch would grow beyond
    /// its size bound. The first record is taken whatever its size.
    /// </summary>
    public bool TryAppend(
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<RecordHeader> headers = default) =>
        TryAppendAt(_nextOffsetDelta, timestampMs, key, keyIsNull, value, valueIsNull, headers);

    /// <summary>Appends a record with a key and a value at the next offset; false when the batch is full.</summary>
    public bool TryAppend(long timestampMs, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        TryAppend(timestampMs, key, keyIsNull: false, value, valueIsNull: false);

    /// <summary>
    /// Appends a record at a given offset delta, which must be larger than the one before: batches that
    /// compaction thinned have gaps. False when the batch is full.
    /// </summary>
    public bool TryAppendAt(
        int offsetDelta,
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<RecordHeader> headers = default)
    {
        long headerBytes = 0;
        foreach (ref readonly RecordHeader header in headers)
        {
            headerBytes += SizeOf(header.Key.Span, isNull: false) + SizeOf(header.Value.Span, header.ValueIsNull);
        }

        if (!TryStartRecord(offsetDelta, timestampMs, SizeOf(key, keyIsNull) + SizeOf(value, valueIsNull), headers.Length, headerBytes))
        {
            return false;
        }

        WriteNullable(key, keyIsNull);
        WriteNullable(value, valueIsNull);
        WriteInt(headers.Length);
        foreach (ref readonly RecordHeader header in headers)
        {
            WriteNullable(header.Key.Span, isNull: false);
            WriteNullable(header.Value.Span, header.ValueIsNull);
        }

        return true;
    }

    /// <summary>
    /// Appends a copy of a record read elsewhere, at its own offset and with its own timestamp; the offset
    /// must not lie before this batch's base offset. False when the batch is full.
    /// </summary>
    public bool TryAppend(in RecordView record)
    {
        int offsetDelta = checked((int)(record.Offset - _header.BaseOffset));
        long bodyBytes = SizeOf(record.Key, record.KeyIsNull) + SizeOf(record.Value, record.ValueIsNull);
        if (!TryStartRecord(offsetDelta, record.TimestampMs, bodyBytes, record.HeaderCount, record.HeaderBytes.Length))
        {
            return false;
        }

        WriteNullable(record.Key, record.KeyIsNull);
        WriteNullable(record.Value, record.ValueIsNull);
        WriteInt(record.HeaderCount);
        _plain.Write(record.HeaderBytes);
        return true;
    }

    /// <summary>Appends a control record; the batch must have been begun as one for control records.</summary>
    /// <param name="timestampMs">Its timestamp.</param>
    /// <param name="type">Goes into the key.</param>
    /// <param name="value">The encoded value, whatever the type asks for.</param>
    public void AppendControl(long timestampMs, ControlRecordType type, ReadOnlySpan<byte> value)
    {
        Invariant.Check(_header.IsControl, "A control record stands in a control batch.");
        Span<byte> key = stackalloc byte[ControlRecord.KeySizeInBytes];
        ControlRecord.WriteKey(key, type);
        bool appended = TryAppend(timestampMs, key, value);
        Invariant.Check(appended, "A control batch has no size bound.");
    }

    /// <summary>Appends the marker that ends a transaction.</summary>
    /// <param name="timestampMs">Its timestamp.</param>
    /// <param name="committed">Commit or abort.</param>
    /// <param name="coordinatorEpoch">Leader epoch of the transaction coordinator.</param>
    public void AppendEndTransaction(long timestampMs, bool committed, int coordinatorEpoch)
    {
        Span<byte> value = stackalloc byte[ControlRecord.EndTransactionValueSizeInBytes];
        ControlRecord.WriteEndTransactionValue(value, coordinatorEpoch);
        AppendControl(timestampMs, committed ? ControlRecordType.Commit : ControlRecordType.Abort, value);
    }

    private static long SizeOf(ReadOnlySpan<byte> bytes, bool isNull) =>
        isNull ? Varint.SizeOfInt(-1) : Varint.SizeOfInt(bytes.Length) + (long)bytes.Length;

    /// <summary>Checks room, then writes a record's fields up to its key and counts it; the rest must follow.</summary>
    private bool TryStartRecord(int offsetDelta, long timestampMs, long keyAndValueBytes, int headerCount, long headerBytes)
    {
        Invariant.Check(_state == State.Open, "A batch is begun before records are appended.");
        Invariant.Check(offsetDelta >= _nextOffsetDelta, "Offsets grow within a batch.");
        Invariant.Check(!_hasFixedLastOffset || offsetDelta <= _header.LastOffsetDelta, "No record lies after the last offset.");
        bool isFirst = _header.RecordsCount == 0;
        long baseTimestamp = isFirst && !_hasFixedBaseTimestamp ? timestampMs : _header.BaseTimestamp;
        long timestampDelta = timestampMs - baseTimestamp;
        long length = 1 + Varint.SizeOfLong(timestampDelta) + Varint.SizeOfInt(offsetDelta)
            + keyAndValueBytes + Varint.SizeOfInt(headerCount) + headerBytes;
        long sizeAfter = _plain.WrittenCount + length + Varint.SizeMaxBytesOfInt;
        if (sizeAfter > (isFirst ? Array.MaxLength : Math.Min(_sizeMaxBytes, Array.MaxLength)))
        {
            Invariant.Check(!isFirst, "A record is smaller than an array can be.");
            return false;
        }

        bool isLogAppendTime = _header.TimestampType == TimestampType.LogAppendTime;
        _header = _header with
        {
            BaseTimestamp = baseTimestamp,
            MaxTimestamp = isLogAppendTime ? _header.MaxTimestamp
                : isFirst ? timestampMs : Math.Max(_header.MaxTimestamp, timestampMs),
            LastOffsetDelta = _hasFixedLastOffset ? _header.LastOffsetDelta : offsetDelta,
            RecordsCount = _header.RecordsCount + 1,
        };
        _nextOffsetDelta = offsetDelta + 1;
        WriteInt((int)length);
        _plain.GetSpan(1)[0] = 0;
        _plain.Advance(1);
        _plain.Advance(Varint.WriteLong(_plain.GetSpan(Varint.SizeMaxBytesOfLong), timestampDelta));
        WriteInt(offsetDelta);
        return true;
    }

    private void WriteInt(int value) =>
        _plain.Advance(Varint.WriteInt(_plain.GetSpan(Varint.SizeMaxBytesOfInt), value));

    private void WriteNullable(ReadOnlySpan<byte> bytes, bool isNull)
    {
        WriteInt(isNull ? -1 : bytes.Length);
        if (!isNull)
        {
            _plain.Write(bytes);
        }
    }
}
