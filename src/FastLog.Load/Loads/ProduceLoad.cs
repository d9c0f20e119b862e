using System.Diagnostics;
using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>
/// Produces as fast as the client takes records (closed loop): one thread appends, and waits when the client's buffer
/// memory is full.
/// </summary>
/// <remarks>
/// A record's latency runs from the moment it was handed to the client until its batch was acknowledged. In a closed
/// loop at full speed most of it is the queue in the generator's own buffer, so it bounds the broker's share from above
/// and says little else.
/// </remarks>
public sealed class ProduceLoad
{
    /// <summary>The clock is read once for so many records: their latencies are exact to the time that appending them
    /// takes, a few microseconds.</summary>
    private const int RecordsPerClockReading = 32;

    private readonly ProduceSettings _settings;
    private readonly RecordPayloads _payloads;
    private readonly AcknowledgementRecorder _acknowledged = new();
    private long _appendedCount;

    public ProduceLoad(ProduceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _payloads = new RecordPayloads(settings.RecordSizeBytes, settings.Seed);
    }

    /// <exception cref="LoadFailedException">A record was not acknowledged.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        string? flushMessages = await LoadTopic.EnsureAsync(
            _settings.BootstrapServers, _settings.Topic, _settings.PartitionsCount, cancellationToken);
        await using Producer producer = new(Options());
        TopicProducer topic = await producer.OpenTopicAsync(_settings.Topic, _acknowledged, cancellationToken);
        await ProduceAsync(producer, topic, "warm-up", _settings.WarmupRecordsCount, cancellationToken);

        Measurement measurement = Measurement.Start(_settings.BrokerPid);
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        Acknowledgements done = await ProduceAsync(producer, topic, "produce", _settings.RecordsCount, cancellationToken);
        Measured measured = measurement.Stop();

        long bytesCount = done.AcknowledgedCount * _settings.RecordSizeBytes;
        return new LoadResult
        {
            Kind = LoadKind.Produce,
            StartedAt = startedAt,
            PartitionsCount = topic.PartitionsCount,
            RecordSizeBytes = _settings.RecordSizeBytes,
            RecordsCount = done.AcknowledgedCount,
            BytesCount = bytesCount,
            WarmupRecordsCount = _settings.WarmupRecordsCount,
            TopicFlushMessages = flushMessages,
            Measured = measured,
            AcknowledgementLatency = LatencySummary.Of(done.LatencyNs),
        };
    }

    private async Task<Acknowledgements> ProduceAsync(
        Producer producer, TopicProducer topic, string phase, long recordsCount, CancellationToken cancellationToken)
    {
        using (LiveProgress.Start(phase, recordsCount, () => _acknowledged.AcknowledgedCount))
        {
            long end = _appendedCount + recordsCount;
            while (!TryAppendUntil(topic, end))
            {
                await producer.WaitForSpaceAsync(cancellationToken);
            }

            await producer.FlushAsync(cancellationToken);
        }

        Acknowledgements done = _acknowledged.Take();
        return done.FailedCount == 0 && done.AcknowledgedCount == recordsCount
            ? done
            : throw new LoadFailedException(
                $"{phase}: {done.AcknowledgedCount} of {recordsCount} records were acknowledged, {done.FailedCount} failed: "
                + $"{done.FirstErrorMessage}");
    }

    /// <summary>Appends up to a count of all records; false when the buffer memory is full before.</summary>
    private bool TryAppendUntil(TopicProducer topic, long end)
    {
        int partitionsCount = _settings.Spread == Spread.Sticky ? 0 : topic.PartitionsCount;
        int partition = partitionsCount == 0 ? TopicProducer.AnyPartition : (int)(_appendedCount % partitionsCount);
        while (_appendedCount < end)
        {
            long token = Stopwatch.GetTimestamp();
            long timestampMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            int left = (int)Math.Min(RecordsPerClockReading, end - _appendedCount);
            for (; left > 0; left--)
            {
                if (!topic.TryAppend(partition, timestampMs, default, true, _payloads.Next(), false, default, token))
                {
                    return false;
                }

                _appendedCount++;
                if (partitionsCount > 0 && ++partition == partitionsCount)
                {
                    partition = 0;
                }
            }
        }

        return true;
    }

    private ProducerOptions Options() => new()
    {
        BootstrapServers = _settings.BootstrapServers,
        ClientId = "fastlog-loadgen",
        Acks = _settings.Acks,
        EnableIdempotence = _settings.IsIdempotent,
        LingerMs = _settings.LingerMs,
        BatchSizeBytes = _settings.BatchSizeBytes,
        MaxRequestSizeBytes = Math.Max(1024 * 1024, _settings.BatchSizeBytes * 2),
        BufferMemoryBytes = _settings.BufferMemoryBytes,
        MaxInFlightRequestsPerConnection = _settings.RequestsInFlightMax,
    };
}
