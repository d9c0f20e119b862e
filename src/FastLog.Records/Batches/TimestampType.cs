namespace FastLog.Records;

/// <summary>Who set the records' timestamps: bit 3 of the batch attributes (KIP-32).</summary>
public enum TimestampType : byte
{
    /// <summary>Each record carries the time its producer gave it.</summary>
    CreateTime = 0,

    /// <summary>All records carry the time the broker appended the batch.</summary>
    LogAppendTime = 1,
}
