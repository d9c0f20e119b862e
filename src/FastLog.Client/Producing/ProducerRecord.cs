using FastLog.Records;

namespace FastLog.Client;

/// <summary>A record to be stored.</summary>
public sealed record ProducerRecord
{
    /// <summary>The key; null for none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>The value; null is a tombstone in a compacted topic.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>The headers.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>The partition, or -1 to let the key decide, or the client where there is no key.</summary>
    public int Partition { get; init; } = TopicProducer.AnyPartition;

    /// <summary>When it happened, in ms since 1970, or -1 for now.</summary>
    public long TimestampMs { get; init; } = TopicProducer.Now;
}

/// <summary>Where a record was stored.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">Its offset, or -1 with acks=0.</param>
/// <param name="TimestampMs">The time it is stored with, in ms since 1970; -1 when it is the producer's own.</param>
public readonly record struct DeliveryResult(string Topic, int Partition, long Offset, long TimestampMs);
