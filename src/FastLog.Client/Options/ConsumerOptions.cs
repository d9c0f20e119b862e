namespace FastLog.Client;

/// <summary>Which records a consumer sees (isolation.level).</summary>
public enum IsolationLevel : byte
{
    /// <summary>All below the high watermark, those of open and aborted transactions included.</summary>
    ReadUncommitted = 0,

    /// <summary>Below the last stable offset, without those of aborted transactions.</summary>
    ReadCommitted = 1,
}

/// <summary>Where to go when the wanted offset is not in the log (auto.offset.reset).</summary>
public enum OffsetReset
{
    /// <summary>Reading fails with <see cref="FastLog.Protocol.ErrorCode.OffsetOutOfRange"/>.</summary>
    None,

    /// <summary>To the first record that is there.</summary>
    Earliest,

    /// <summary>To the end; what comes from now on is read.</summary>
    Latest,
}

/// <summary>Settings of a <see cref="Consumer"/>. Sizes are in bytes, times in milliseconds.</summary>
public sealed partial record ConsumerOptions : ClientOptions
{
    /// <summary>The broker answers a fetch when so much is there (fetch.min.bytes).</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>... or when so long has passed (fetch.max.wait.ms).</summary>
    public int FetchMaxWaitMs { get; init; } = 500;

    /// <summary>The most that one fetch brings, but for a first batch that is larger (fetch.max.bytes).</summary>
    public int FetchMaxBytes { get; init; } = 50 * 1024 * 1024;

    /// <summary>The most that one fetch brings of one partition, but for a first batch that is larger
    /// (max.partition.fetch.bytes).</summary>
    public int MaxPartitionFetchBytes { get; init; } = 1024 * 1024;

    /// <summary>Which records are seen (isolation.level).</summary>
    public IsolationLevel IsolationLevel { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary>Where to go when the wanted offset is not in the log (auto.offset.reset).</summary>
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Earliest;

    /// <summary>Whether the CRC of every batch is checked (check.crcs).</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary>Responses of one broker that may wait to be read while the next fetch is on its way.</summary>
    public int FetchesBufferedMax { get; init; } = 2;

    /// <summary>The most bytes that one batch may unpack to.</summary>
    public int DecompressedBatchBytesMax { get; init; } = 256 * 1024 * 1024;
}
