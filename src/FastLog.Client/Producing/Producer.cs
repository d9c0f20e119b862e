using System.Collections.Concurrent;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>
/// Stores records: batches them by partition, packs, sends several requests at once, retries what may be retried, and by
/// default stores each record exactly once and in order.
/// </summary>
/// <remarks>
/// Thread-safe. <see cref="ProduceAsync"/> is for single records; for many, <see cref="OpenTopicAsync"/> gives a
/// <see cref="TopicProducer"/> that allocates nothing. Dispose it to send what is left.
/// </remarks>
public sealed class Producer : IAsyncDisposable
{
    private const int SpareBatchesMax = 4096;

    private readonly ClusterClient _cluster;
    private readonly ProducerResources _resources;
    private readonly DeliveryEngine _engine;
    private readonly DeliveryTable _awaited = new();
    private readonly BatchPool _batches;
    private readonly ConcurrentDictionary<string, ProducerTopic> _topics = new(StringComparer.Ordinal);
    private int _isClosed;

    /// <summary>A producer that connects when it is first used.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FormatException">The bootstrap servers are not HOST:PORT.</exception>
    public Producer(ProducerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _cluster = new ClusterClient(options);
        _batches = new BatchPool(SpareBatchesMax);
        _resources = new ProducerResources(
            options,
            new BufferMemory(options.BufferMemoryBytes),
            _batches,
            new ProducerIdSource(_cluster, options, () => _engine!.PokeAll()));
        _engine = new DeliveryEngine(_cluster, _resources);
    }

    /// <summary>The settings.</summary>
    public ProducerOptions Options { get; }

    /// <summary>Bytes of records that wait or are on their way.</summary>
    public long BufferedBytes => _resources.Memory.UsedBytes;

    /// <summary>Finds a topic, lets the broker create it if it does so, and opens the way to it.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="handler">Hears what becomes of the records.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">No broker can be reached, or there is no such topic.</exception>
    public async Task<TopicProducer> OpenTopicAsync(
        string topic, IDeliveryHandler handler, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(handler);
        ThrowIfClosed();
        if (!_topics.TryGetValue(topic, out ProducerTopic? known))
        {
            TopicMetadata metadata = await _cluster.TopicAsync(
                topic, allowAutoTopicCreation: true, Options.MaxBlockMs, cancellationToken).ConfigureAwait(false);
            lock (_topics)
            {
                // Not by GetOrAdd: its factory could run twice, and the partitions of the loser stay with the engine.
                if (!_topics.TryGetValue(topic, out known))
                {
                    known = new ProducerTopic(metadata, _cluster, _engine, _resources);
                    _topics[topic] = known;
                }
            }
        }

        return new TopicProducer(this, known, handler);
    }

    /// <summary>
    /// Stores one record; ends when it is acknowledged. Records of calls that are not awaited one after another may
    /// change places while they wait for buffer memory.
    /// </summary>
    /// <exception cref="KafkaException">It was not stored, or it is not known whether it was.</exception>
    public async Task<DeliveryResult> ProduceAsync(
        string topic, ProducerRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        TopicProducer producer = _topics.TryGetValue(topic, out ProducerTopic? known)
            ? new TopicProducer(this, known, _awaited)
            : await OpenTopicAsync(topic, _awaited, cancellationToken).ConfigureAwait(false);
        RecordHeader[] headers = record.Headers.Count == 0 ? [] : [.. record.Headers];
        Task<DeliveryResult> delivery = _awaited.Add(out long token);
        bool isAppended = false;
        try
        {
            while (!(isAppended = TryAppend(producer, record, headers, token)))
            {
                await WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (!isAppended)
            {
                _awaited.Remove(token);
            }
        }

        return await delivery.ConfigureAwait(false);
    }

    /// <summary>Waits until half of the buffer memory is free, at the longest delivery.timeout.ms.</summary>
    public ValueTask WaitForSpaceAsync(CancellationToken cancellationToken = default)
    {
        ValueTask space = _resources.Memory.WaitAsync(cancellationToken);
        _engine.PokeAll();
        return space;
    }

    /// <summary>Sends everything that was appended before, and ends when all of it was acknowledged or given up.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        _resources.BeginFlush();
        try
        {
            FlushWait flush = new();
            foreach ((_, ProducerTopic topic) in _topics)
            {
                foreach (PartitionQueue partition in topic.Partitions())
                {
                    partition.AddTo(flush);
                }
            }

            flush.AllAdded();
            _engine.PokeAll();
            await flush.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _resources.EndFlush();
        }
    }

    /// <summary>Flushes and closes. What is not acknowledged within delivery.timeout.ms is reported as failed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        await FlushAsync().ConfigureAwait(false);
        await AbortAsync().ConfigureAwait(false);
    }

    /// <summary>Closes at once; what is not acknowledged yet is reported as failed, and may be stored or not.</summary>
    public async ValueTask AbortAsync()
    {
        Volatile.Write(ref _isClosed, 1);
        await _engine.DisposeAsync().ConfigureAwait(false);
        _batches.Dispose();
    }

    internal void ThrowIfClosed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);

    internal long NowMs() => Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    internal void OnAppended(PartitionQueue partition, AppendOutcome outcome) => _engine.OnAppended(partition, outcome);

    /// <summary>Somebody will wait for memory: batches that linger go out now.</summary>
    internal void OnRefused() => _engine.PokeAll();

    private static bool TryAppend(TopicProducer producer, ProducerRecord record, RecordHeader[] headers, long token) =>
        producer.TryAppend(
            record.Partition,
            record.TimestampMs,
            record.Key.GetValueOrDefault().Span,
            record.Key is null,
            record.Value.GetValueOrDefault().Span,
            record.Value is null,
            headers,
            token);
}
