namespace FastLog.Client;

/// <summary>What all partitions of a producer share.</summary>
internal sealed class ProducerResources(
    ProducerOptions options, BufferMemory memory, BatchPool batches, ProducerIdSource producerIds)
{
    private int _flushes;

    public ProducerOptions Options => options;

    public BufferMemory Memory => memory;

    public BatchPool Batches => batches;

    public ProducerIdSource ProducerIds => producerIds;

    public RetryBackoff Backoff { get; } = RetryBackoff.From(options);

    public long LingerTicks { get; } = TicksOf(options, TimeSpan.FromMilliseconds(options.LingerMs));

    public long DeliveryTimeoutTicks { get; } = TicksOf(options, TimeSpan.FromMilliseconds(options.DeliveryTimeoutMs));

    /// <summary>Batches do not linger now: somebody flushes, or waits for memory.</summary>
    public bool SendsAtOnce => memory.IsExhausted || Volatile.Read(ref _flushes) > 0;

    public void BeginFlush() => Interlocked.Increment(ref _flushes);

    public void EndFlush() => Interlocked.Decrement(ref _flushes);

    /// <summary>A span of time in the units of the clock's timestamps.</summary>
    public long ToTicks(TimeSpan span) => TicksOf(options, span);

    private static long TicksOf(ProducerOptions options, TimeSpan span) =>
        (long)(span.TotalSeconds * options.TimeProvider.TimestampFrequency);
}
