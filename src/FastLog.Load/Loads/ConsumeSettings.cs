namespace FastLog.Load.Loads;

/// <summary>What to consume and how.</summary>
public sealed record ConsumeSettings
{
    public required string BootstrapServers { get; init; }

    public required string Topic { get; init; }

    /// <summary>Reading ends with the fetch that brings so many.</summary>
    public required long RecordsCount { get; init; }

    /// <summary>Read from the start before the clock starts, so that both sides run compiled code.</summary>
    public required long WarmupRecordsCount { get; init; }

    public required int FetchMaxBytes { get; init; }

    public required int PartitionFetchMaxBytes { get; init; }

    /// <summary>How long nothing may come before the load counts as failed.</summary>
    public required int IdleMsMax { get; init; }

    public int? BrokerPid { get; init; }
}
