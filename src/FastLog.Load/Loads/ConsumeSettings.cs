namespace FastLog.Load.Loads;

/// <summary>What to read and how.</summary>
public sealed record ConsumeSettings
{
    /// <summary>So many clients, each with a connection of its own; the partitions are dealt out to them in turn, so there
    /// can be no more of them than partitions.</summary>
    public int ConsumersCount { get; init; } = 1;

    /// <summary>Whether to begin at the end and read what comes from then on, not at the start.</summary>
    public bool ReadsTail { get; init; }

    /// <summary>The broker answers a fetch when so much is there.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>... or when so long has passed.</summary>
    public int FetchMaxWaitMs { get; init; } = 500;

    /// <summary>The most that one fetch brings.</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>The most that one fetch brings of one partition.</summary>
    public int PartitionFetchMaxBytes { get; init; } = 1024 * 1024;

    /// <summary>How long nothing may come before the load counts as failed.</summary>
    public int IdleMsMax { get; init; } = 10_000;
}
