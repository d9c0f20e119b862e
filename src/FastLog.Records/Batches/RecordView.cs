namespace FastLog.Records;

/// <summary>One record, as spans over the bytes it was read from; valid as long as they are.</summary>
public readonly ref struct RecordView
{
    /// <summary>The record's attribute byte; unused so far, 0.</summary>
    public sbyte Attributes { get; init; }

    /// <summary>Offset less the batch's base offset.</summary>
    public int OffsetDelta { get; init; }

    /// <summary>Timestamp less the batch's base timestamp, in ms; negative when records are out of order.</summary>
    public long TimestampDelta { get; init; }

    /// <summary>Absolute offset.</summary>
    public long Offset { get; init; }

    /// <summary>Absolute timestamp in ms: the record's own, or the batch's append time with <see cref="TimestampType.LogAppendTime"/>.</summary>
    public long TimestampMs { get; init; }

    /// <summary>Whether the key is null.</summary>
    public bool KeyIsNull { get; init; }

    /// <summary>The key; empty when null.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>Whether the value is null: a tombstone in a compacted topic.</summary>
    public bool ValueIsNull { get; init; }

    /// <summary>The value; empty when null.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Number of headers.</summary>
    public int HeaderCount { get; init; }

    /// <summary>The headers' bytes, without their count.</summary>
    public ReadOnlySpan<byte> HeaderBytes { get; init; }

    /// <summary>Bytes of the whole record, its length field included.</summary>
    public int SizeInBytes { get; init; }

    /// <summary>The headers, for <c>foreach</c>.</summary>
    public RecordHeaderEnumerator Headers => new(HeaderBytes, HeaderCount);
}
