using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.Load.Results;
using FastLog.Records;

namespace FastLog.Load.Loads;

/// <summary>Reads a topic from its start as fast as it comes, and touches every record: its offset and its value.</summary>
public sealed class ConsumeLoad(ConsumeSettings settings)
{
    private long _recordsCount;
    private long _valueBytesCount;

    /// <exception cref="LoadFailedException">The records do not come, or not in order.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or has no such topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        if (settings.WarmupRecordsCount > 0)
        {
            await ConsumeAsync("warm-up", settings.WarmupRecordsCount, cancellationToken);
        }

        Measurement measurement = Measurement.Start(settings.BrokerPid);
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        int partitionsCount = await ConsumeAsync("consume", settings.RecordsCount, cancellationToken);
        Measured measured = measurement.Stop();
        return new LoadResult
        {
            Kind = LoadKind.Consume,
            StartedAt = startedAt,
            PartitionsCount = partitionsCount,
            RecordSizeBytes = (int)(_valueBytesCount / _recordsCount),
            RecordsCount = _recordsCount,
            BytesCount = _valueBytesCount,
            WarmupRecordsCount = settings.WarmupRecordsCount,
            Measured = measured,
        };
    }

    /// <summary>Connects, reads and closes; returns the number of partitions.</summary>
    private async Task<int> ConsumeAsync(string phase, long recordsCount, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _recordsCount, 0);
        _valueBytesCount = 0;
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using IDisposable progress = LiveProgress.Start(phase, recordsCount, () => Interlocked.Read(ref _recordsCount));
        await using Consumer consumer = new(Options());
        IReadOnlyList<TopicAndPartition> partitions = await consumer.PartitionsOfAsync(settings.Topic, cancellationToken);
        long[] nextOffsets = new long[partitions.Count];
        foreach (TopicAndPartition partition in partitions)
        {
            consumer.Assign(partition, StartPosition.AtOffset(0));
        }

        while (_recordsCount < recordsCount)
        {
            idle.CancelAfter(settings.IdleMsMax);
            try
            {
                using FetchedRecords fetched = await consumer.ReadAsync(idle.Token);
                Count(fetched, ref nextOffsets[fetched.Partition]);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new LoadFailedException(
                    $"{phase}: {_recordsCount} of {recordsCount} records came, then nothing for {settings.IdleMsMax} ms");
            }
        }

        return partitions.Count;
    }

    private void Count(FetchedRecords fetched, ref long nextOffset)
    {
        long count = 0;
        long valueBytes = 0;
        foreach (RecordView record in fetched)
        {
            if (record.Offset != nextOffset)
            {
                throw new LoadFailedException(
                    $"{fetched.Topic}-{fetched.Partition}: offset {record.Offset} came where {nextOffset} should");
            }

            nextOffset++;
            count++;
            valueBytes += record.Value.Length;
        }

        Interlocked.Add(ref _recordsCount, count);
        _valueBytesCount += valueBytes;
    }

    private ConsumerOptions Options() => new()
    {
        BootstrapServers = settings.BootstrapServers,
        ClientId = "fastlog-loadgen",
        FetchMaxBytes = settings.FetchMaxBytes,
        MaxPartitionFetchBytes = settings.PartitionFetchMaxBytes,
    };
}
