using FastLog.Client;

namespace FastLog.Load.Loads;

/// <summary>How records are spread over partitions.</summary>
public enum Spread
{
    /// <summary>Record by record over all partitions in turn: every partition's batch fills at the same pace, as keyed
    /// records do. The hardest case for a broker.</summary>
    RoundRobin,

    /// <summary>As the client does for records without keys: batch by batch.</summary>
    Sticky,
}

/// <summary>What to produce and how.</summary>
public sealed record ProduceSettings
{
    public required string BootstrapServers { get; init; }

    public required string Topic { get; init; }

    /// <summary>The topic is created with so many when it is not there.</summary>
    public required int PartitionsCount { get; init; }

    public required int RecordSizeBytes { get; init; }

    public required long RecordsCount { get; init; }

    /// <summary>Produced before the clock starts, so that both sides run compiled code.</summary>
    public required long WarmupRecordsCount { get; init; }

    public required Acks Acks { get; init; }

    public required bool IsIdempotent { get; init; }

    public required int LingerMs { get; init; }

    public required int BatchSizeBytes { get; init; }

    public required long BufferMemoryBytes { get; init; }

    public required int RequestsInFlightMax { get; init; }

    public required Spread Spread { get; init; }

    public required int Seed { get; init; }

    public int? BrokerPid { get; init; }
}
