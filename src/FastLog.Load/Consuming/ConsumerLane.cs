using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Producing;
using FastLog.Records;

namespace FastLog.Load.Consuming;

/// <summary>One consumer with connections of its own and the partitions it reads. It touches every record: its offset and
/// its value.</summary>
internal sealed class ConsumerLane : IAsyncDisposable
{
    private readonly Consumer _consumer;
    private readonly Dictionary<int, long> _nextOffsets = [];
    private readonly ConsumedCounts _counts;
    private readonly LatencyRecorder? _endToEnd;

    /// <param name="options">The consumer's settings.</param>
    /// <param name="partitions">What it reads, and from where.</param>
    /// <param name="counts">Where it counts.</param>
    /// <param name="endToEnd">Takes how long every record was under way since the time it carries; null when records
    /// carry none.</param>
    public ConsumerLane(
        ConsumerOptions options,
        IEnumerable<(TopicAndPartition Partition, long Offset)> partitions,
        ConsumedCounts counts,
        LatencyRecorder? endToEnd)
    {
        _consumer = new Consumer(options);
        _counts = counts;
        _endToEnd = endToEnd;
        foreach ((TopicAndPartition partition, long offset) in partitions)
        {
            _nextOffsets.Add(partition.Partition, offset);
            _consumer.Assign(partition, StartPosition.AtOffset(offset));
        }
    }

    /// <summary>Reads until told to end.</summary>
    /// <exception cref="LoadFailedException">An offset is not the one after the last.</exception>
    /// <exception cref="KafkaException">A partition cannot be read.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using FetchedRecords fetched = await _consumer.ReadAsync(stop).ConfigureAwait(false);
                Count(fetched);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    public ValueTask DisposeAsync() => _consumer.DisposeAsync();

    private void Count(FetchedRecords fetched)
    {
        long nowNs = _endToEnd is null ? 0 : MonotonicClock.NowNs;
        long nextOffset = _nextOffsets[fetched.Partition];
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
            _endToEnd?.Record(nowNs - IntendedNs(fetched, record.Value));
        }

        _nextOffsets[fetched.Partition] = nextOffset;
        _counts.Add(count, valueBytes);
    }

    private static long IntendedNs(FetchedRecords fetched, ReadOnlySpan<byte> value) =>
        value.Length >= RecordSource.TimeBytes
            ? RecordSource.IntendedNs(value)
            : throw new LoadFailedException($"{fetched.Topic}-{fetched.Partition} has records of others, which carry no time");
}
