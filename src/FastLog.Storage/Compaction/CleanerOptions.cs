namespace FastLog.Storage;

/// <summary>How logs are compacted; names and defaults are those of Kafka's log.cleaner keys.</summary>
public sealed record CleanerOptions
{
    /// <summary>log.cleaner.enable.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>log.cleaner.threads.</summary>
    public int ThreadsCount { get; init; } = 1;

    /// <summary>log.cleaner.backoff.ms: ms to sleep when no log is worth cleaning.</summary>
    public long BackoffMs { get; init; } = 15000;

    /// <summary>log.cleaner.dedupe.buffer.size: bytes of key maps over all threads.</summary>
    public long DedupeBufferBytes { get; init; } = 134217728;

    /// <summary>log.cleaner.io.buffer.load.factor: how full a key map may become, above 0, at most 1.</summary>
    public double LoadFactor { get; init; } = 0.9;

    /// <summary>log.cleaner.io.buffer.size: bytes of read and write buffers over all threads; a larger batch takes more.</summary>
    public int IoBufferBytes { get; init; } = 524288;

    /// <summary>log.cleaner.io.max.bytes.per.second: read and written together, over all threads.</summary>
    public double IoBytesPerSecondMax { get; init; } = double.MaxValue;
}
