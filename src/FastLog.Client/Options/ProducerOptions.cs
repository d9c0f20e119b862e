using FastLog.Records;

namespace FastLog.Client;

/// <summary>Whose writes a producer waits for (acks).</summary>
public enum Acks : short
{
    /// <summary>All in-sync replicas.</summary>
    All = -1,

    /// <summary>Nobody's: the broker does not answer, and losses go unnoticed.</summary>
    None = 0,

    /// <summary>The leader's.</summary>
    Leader = 1,
}

/// <summary>Settings of a <see cref="Producer"/>. Sizes are in bytes, times in milliseconds.</summary>
public sealed record ProducerOptions : ClientOptions
{
    /// <summary>How many batches of one producer and partition a broker remembers.</summary>
    internal const int IdempotentInFlightMax = 5;

    /// <summary>Whose writes count (acks).</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary>
    /// No record is stored twice and a partition keeps its order, whatever is retried (enable.idempotence).
    /// Needs <see cref="Acks.All"/>; with other acks it is off.
    /// </summary>
    public bool EnableIdempotence { get; init; } = true;

    /// <summary>How long a record waits for company (linger.ms). 0 sends at once, and batches only what comes while
    /// earlier requests are on their way.</summary>
    public int LingerMs { get; init; } = 5;

    /// <summary>
    /// The size, before compression, at which a batch goes out without further waiting (batch.size). Kafka's default is
    /// 16384; a larger batch costs broker and client less per record.
    /// </summary>
    public int BatchSizeBytes { get; init; } = 128 * 1024;

    /// <summary>The number of records at which a batch goes out without further waiting (batch.num.messages of
    /// librdkafka); <see cref="int.MaxValue"/> for no such bound. With 1 every record is a batch of its own.</summary>
    public int BatchRecordsMax { get; init; } = int.MaxValue;

    /// <summary>The largest request, and so the largest record (max.request.size).</summary>
    public int MaxRequestSizeBytes { get; init; } = 1024 * 1024;

    /// <summary>How batches are packed (compression.type).</summary>
    public CompressionType CompressionType { get; init; } = CompressionType.None;

    /// <summary>Bytes of records that wait or are on their way; beyond it producing waits (buffer.memory).</summary>
    public long BufferMemoryBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How long a record may take from being produced to being acknowledged, retries included
    /// (delivery.timeout.ms).</summary>
    public int DeliveryTimeoutMs { get; init; } = 120_000;

    /// <summary>How long opening a topic waits for its metadata (max.block.ms).</summary>
    public int MaxBlockMs { get; init; } = 60_000;

    /// <summary>Whether <see cref="EnableIdempotence"/> holds with the other settings.</summary>
    public bool IsIdempotent => EnableIdempotence && Acks == Acks.All;

    /// <summary>The batches of one partition that may be on their way at once.</summary>
    internal int InFlightPerPartitionMax =>
        IsIdempotent ? Math.Min(IdempotentInFlightMax, MaxInFlightRequestsPerConnection) : MaxInFlightRequestsPerConnection;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Validate()
    {
        Require(LingerMs >= 0, "linger.ms must not be negative");
        Require(BatchSizeBytes >= 1, "batch.size must be at least 1");
        Require(BatchRecordsMax >= 1, "a batch must have room for a record");
        Require(MaxRequestSizeBytes >= 1, "max.request.size must be at least 1");
        Require(BufferMemoryBytes >= 1, "buffer.memory must be at least 1");
        Require(MaxInFlightRequestsPerConnection >= 1, "max.in.flight.requests.per.connection must be at least 1");
        Require(DeliveryTimeoutMs >= 0, "delivery.timeout.ms must not be negative");
        Require(Enum.IsDefined(CompressionType), $"compression.type {(int)CompressionType} is not known");
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
