using FastLog.Records;

namespace FastLog.Client;

/// <summary>A header of a consumed record.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Value">Its value, or null.</param>
public readonly record struct ConsumedHeader(string Key, ReadOnlyMemory<byte>? Value);

/// <summary>A record that was read, as an object of its own.</summary>
public sealed record ConsumedRecord
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition.</summary>
    public required int Partition { get; init; }

    /// <summary>The offset.</summary>
    public required long Offset { get; init; }

    /// <summary>In ms since 1970; -1 when it has none.</summary>
    public required long TimestampMs { get; init; }

    /// <summary>Who set the timestamp.</summary>
    public required TimestampType TimestampType { get; init; }

    /// <summary>The key, or null.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The value, or null.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The headers, in their order.</summary>
    public IReadOnlyList<ConsumedHeader> Headers { get; init; } = [];

    /// <summary>A copy of a record that is only lent.</summary>
    public static ConsumedRecord From(string topic, int partition, TimestampType timestampType, in RecordView record)
    {
        List<ConsumedHeader> headers = new(record.HeaderCount);
        foreach (RecordHeaderView header in record.Headers)
        {
            headers.Add(new ConsumedHeader(header.KeyText, header.ValueIsNull ? null : header.Value.ToArray()));
        }

        return new ConsumedRecord
        {
            Topic = topic,
            Partition = partition,
            Offset = record.Offset,
            TimestampMs = record.TimestampMs,
            TimestampType = timestampType,
            Key = record.KeyIsNull ? null : record.Key.ToArray(),
            Value = record.ValueIsNull ? null : record.Value.ToArray(),
            Headers = headers,
        };
    }
}
