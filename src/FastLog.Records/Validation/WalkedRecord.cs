namespace FastLog.Records;

/// <summary>What <see cref="RecordWalker"/> keeps of a record.</summary>
internal struct WalkedRecord
{
    public long TimestampDelta;
    public int OffsetDelta;
    public bool KeyIsNull;
}
