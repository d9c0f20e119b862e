namespace FastLog.Records;

/// <summary>A record header to be written: UTF-8 key, never null, and a value or null (KIP-82).</summary>
public readonly struct RecordHeader
{
    /// <summary>A header with a value.</summary>
    public RecordHeader(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        Key = key;
        Value = value;
        ValueIsNull = false;
    }

    /// <summary>A header without a value.</summary>
    public RecordHeader(ReadOnlyMemory<byte> key)
    {
        Key = key;
        Value = default;
        ValueIsNull = true;
    }

    /// <summary>UTF-8 bytes of the key.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>The value; empty when null.</summary>
    public ReadOnlyMemory<byte> Value { get; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull { get; }
}
