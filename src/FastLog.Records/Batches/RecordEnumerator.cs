namespace FastLog.Records;

/// <summary>
/// Walks plain (not compressed, or already unpacked) records lying in one piece. Safe on any bytes:
/// what is not a record throws <see cref="RecordFormatException"/>.
/// </summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlySpan<byte> _records;
    private readonly long _baseOffset;
    private readonly long _baseTimestampMs;
    private readonly long _appendTimeMs;
    private readonly bool _isLogAppendTime;
    private int _position;
    private int _left;
    private RecordView _current;

    /// <summary>Walks the records of the batch that <paramref name="header"/> belongs to.</summary>
    /// <param name="header">Gives count, base offset and timestamps.</param>
    /// <param name="plainRecords">What follows the header, unpacked if it was compressed.</param>
    public RecordEnumerator(scoped in RecordBatchHeader header, ReadOnlySpan<byte> plainRecords)
    {
        _records = plainRecords;
        _baseOffset = header.BaseOffset;
        _baseTimestampMs = header.BaseTimestamp;
        _appendTimeMs = header.MaxTimestamp;
        _isLogAppendTime = header.TimestampType == TimestampType.LogAppendTime;
        _position = 0;
        _left = header.RecordsCount;
        _current = default;
    }

    /// <summary>The record last moved to.</summary>
    public readonly RecordView Current => _current;

    /// <summary>This enumerator, for <c>foreach</c>.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>
    /// Moves on; false after the last record. <see cref="RecordFormatException"/> when the next bytes
    /// are not a record, when fewer records are there than the header says, or when bytes follow the last.
    /// </summary>
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            if (_left < 0 || _position != _records.Length)
            {
                throw new RecordFormatException("The records do not end where the batch says.");
            }

            return false;
        }

        int start = _position;
        int length = RecordBytes.ReadInt(_records, ref _position);
        if ((uint)length > (uint)(_records.Length - _position))
        {
            RecordBytes.ThrowBadLength(length);
        }

        ReadBody(_records.Slice(_position, length), _position + length - start);
        _position += length;
        _left--;
        return true;
    }

    private void ReadBody(ReadOnlySpan<byte> body, int sizeInBytes)
    {
        if (body.IsEmpty)
        {
            RecordBytes.ThrowBadLength(0);
        }

        int position = 1;
        long timestampDelta = RecordBytes.ReadLong(body, ref position);
        int offsetDelta = RecordBytes.ReadInt(body, ref position);
        ReadOnlySpan<byte> key = RecordBytes.ReadNullable(body, ref position, out bool keyIsNull);
        ReadOnlySpan<byte> value = RecordBytes.ReadNullable(body, ref position, out bool valueIsNull);
        int headerCount = RecordBytes.ReadInt(body, ref position);
        ReadOnlySpan<byte> headers = body[position..];
        if (headerCount < 0 || headerCount > headers.Length / RecordBytes.HeaderSizeMinBytes)
        {
            RecordBytes.ThrowBadLength(headerCount);
        }

        RecordHeaderEnumerator.Check(headers, headerCount);
        _current = new RecordView
        {
            Attributes = (sbyte)body[0],
            OffsetDelta = offsetDelta,
            TimestampDelta = timestampDelta,
            Offset = _baseOffset + offsetDelta,
            TimestampMs = _isLogAppendTime ? _appendTimeMs : _baseTimestampMs + timestampDelta,
            KeyIsNull = keyIsNull,
            Key = key,
            ValueIsNull = valueIsNull,
            Value = value,
            HeaderCount = headerCount,
            HeaderBytes = headers,
            SizeInBytes = sizeInBytes,
        };
    }
}
