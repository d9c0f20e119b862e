using FastLog.Client;
using FastLog.Load.Payloads;
using FastLog.Records;

namespace FastLog.Load.Loads;

/// <summary>What to produce and how.</summary>
public sealed record ProduceSettings
{
    /// <summary>So many clients, each with a connection of its own.</summary>
    public int ProducersCount { get; init; } = 1;

    /// <summary>Records a second over all producers, sent at intended times (open loop); null to send as fast as the
    /// client takes them (closed loop).</summary>
    public double? RateRecordsPerSecond { get; init; }

    /// <summary>The sizes of values.</summary>
    public RecordSizes Sizes { get; init; } = RecordSizes.Fixed(100);

    /// <summary>What values are made of.</summary>
    public PayloadKind Payload { get; init; } = PayloadKind.Random;

    /// <summary>The keys.</summary>
    public KeyDistribution Keys { get; init; } = KeyDistribution.None;

    /// <summary>The same seed makes the same values, sizes and keys.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How records are spread over partitions.</summary>
    public Spread Spread { get; init; } = Spread.RoundRobin;

    /// <summary>Whose writes count.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>Whether records are numbered so that none is stored twice; needs <see cref="Acks.All"/>.</summary>
    public bool IsIdempotent { get; init; } = true;

    /// <summary>How batches are packed.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary>How long a record waits for company.</summary>
    public int LingerMs { get; init; } = 5;

    /// <summary>The size, before compression, at which a batch goes out at once.</summary>
    public int BatchSizeBytes { get; init; } = 128 * 1024;

    /// <summary>The most records of a batch; with 1 a request carries one record as well.</summary>
    public int BatchRecordsMax { get; init; } = int.MaxValue;

    /// <summary>One record a batch, and one batch a request.</summary>
    public bool IsOneRecordPerRequest => BatchRecordsMax == 1;

    /// <summary>What may wait or be on its way, over all producers.</summary>
    public long BufferMemoryBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Requests of one producer on their way at once.</summary>
    public int RequestsInFlightMax { get; init; } = 5;
}
