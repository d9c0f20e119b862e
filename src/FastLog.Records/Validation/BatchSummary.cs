namespace FastLog.Records;

/// <summary>What <see cref="RecordBatchValidator"/> saw in a batch.</summary>
public struct BatchSummary
{
    /// <summary>Whether the records were walked; if not, the timestamps are the header's and keys are not known.</summary>
    public bool IsWalked { get; internal set; }

    /// <summary>Smallest timestamp in ms; of a batch without records the base timestamp.</summary>
    public long MinTimestamp { get; internal set; }

    /// <summary>Largest timestamp in ms, as the records have it (the append time with <see cref="TimestampType.LogAppendTime"/>).</summary>
    public long MaxTimestamp { get; internal set; }

    /// <summary>Offset delta of the first record that has <see cref="MaxTimestamp"/>; the last offset delta when not walked or with <see cref="TimestampType.LogAppendTime"/>.</summary>
    public int OffsetDeltaOfMaxTimestamp { get; internal set; }

    /// <summary>Whether a record has no key, which compacted topics refuse.</summary>
    public readonly bool HasNullKey => NullKeysCount > 0;

    /// <summary>Records without a key.</summary>
    public int NullKeysCount { get; internal set; }

    /// <summary>Position among the records of the first one without a key; -1 when all have one.</summary>
    public int FirstNullKeyIndex { get; internal set; }

    /// <summary>The records of a compressed batch are sound but for their offset deltas.</summary>
    public bool IsMisnumbered { get; internal set; }

    /// <summary>The records beyond the limits given, the first <see cref="RecordFault.ListedMax"/> of them; null when none is.</summary>
    public IReadOnlyList<RecordFault>? Faults { get; internal set; }

    /// <summary>Position among the records of the one that an error is about; -1 when it is about none.</summary>
    public int BadRecordIndex { get; internal set; }

    /// <summary>Bytes of the records when plain; 0 when compressed and not walked.</summary>
    public long PlainSizeInBytes { get; internal set; }
}
