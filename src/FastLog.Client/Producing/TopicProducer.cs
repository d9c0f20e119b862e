using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>
/// The way to one topic for a caller that has many records: takes spans, allocates nothing, and reports to an
/// <see cref="IDeliveryHandler"/>.
/// </summary>
/// <remarks>Thread-safe. Records that one thread appends to one partition keep their order.</remarks>
public sealed class TopicProducer
{
    /// <summary>As a partition: the key decides, or the client where there is no key.</summary>
    public const int AnyPartition = -1;

    /// <summary>As a timestamp: the time of appending.</summary>
    public const long Now = -1;

    private readonly Producer _producer;
    private readonly ProducerTopic _topic;
    private readonly IDeliveryHandler _handler;

    internal TopicProducer(Producer producer, ProducerTopic topic, IDeliveryHandler handler)
    {
        _producer = producer;
        _topic = topic;
        _handler = handler;
    }

    /// <summary>The topic.</summary>
    public string Topic => _topic.Name;

    /// <summary>How many partitions it has, as far as is known.</summary>
    public int PartitionsCount => _topic.PartitionsCount();

    /// <summary>Appends a record without a key to a partition of the client's choice, with the time of now.</summary>
    /// <returns>False when there is no buffer memory: <see cref="Producer.WaitForSpaceAsync"/>, then try again.</returns>
    public bool TryAppend(ReadOnlySpan<byte> value, long token = 0) =>
        TryAppend(AnyPartition, Now, default, keyIsNull: true, value, valueIsNull: false, default, token);

    /// <summary>Appends a record.</summary>
    /// <param name="partition">The partition, or <see cref="AnyPartition"/>.</param>
    /// <param name="timestampMs">In ms since 1970, or <see cref="Now"/>.</param>
    /// <param name="key">The key.</param>
    /// <param name="keyIsNull">Whether there is none.</param>
    /// <param name="value">The value.</param>
    /// <param name="valueIsNull">Whether there is none: a tombstone in a compacted topic.</param>
    /// <param name="headers">The headers.</param>
    /// <param name="token">Comes back in the delivery report.</param>
    /// <returns>False when there is no buffer memory: <see cref="Producer.WaitForSpaceAsync"/>, then try again.</returns>
    /// <exception cref="KafkaException">There is no such partition, or the record is larger than a request may be.
    /// </exception>
    public bool TryAppend(
        int partition,
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<RecordHeader> headers = default,
        long token = 0)
    {
        _producer.ThrowIfClosed();
        long sizeBound = PartitionQueue.RecordSizeBound(key.Length, value.Length, headers);
        if (sizeBound > _producer.Options.MaxRequestSizeBytes)
        {
            throw TooLarge(sizeBound);
        }

        bool isSticky = partition == AnyPartition && keyIsNull;
        PartitionQueue queue = QueueOf(partition, key, isSticky);
        long timestamp = timestampMs == Now ? _producer.NowMs() : timestampMs;
        AppendOutcome outcome =
            queue.TryAppend(sizeBound, _handler, timestamp, key, keyIsNull, value, valueIsNull, headers, token);
        if (outcome == AppendOutcome.Refused)
        {
            _producer.OnRefused();
            return false;
        }

        if (isSticky)
        {
            _topic.CountSticky(key.Length + value.Length);
        }

        if (outcome != AppendOutcome.Appended)
        {
            _producer.OnAppended(queue, outcome);
        }

        return true;
    }

    private PartitionQueue QueueOf(int partition, ReadOnlySpan<byte> key, bool isSticky)
    {
        PartitionQueue[] partitions = _topic.Partitions();
        if (isSticky)
        {
            return partitions[_topic.StickyPartition()];
        }

        int index = partition == AnyPartition
            ? KeyPartitioner.PartitionFor(key, _topic.PartitionsCount())
            : partition;
        if ((uint)index >= (uint)partitions.Length)
        {
            throw NoSuchPartition(partition, partitions.Length);
        }

        return partitions[index];
    }

    private KafkaException NoSuchPartition(int partition, int partitionsCount) => new(
        ErrorCode.UnknownTopicOrPartition, $"topic {Topic} has {partitionsCount} partitions and no number {partition}");

    private KafkaException TooLarge(long sizeBound) => new(
        ErrorCode.MessageTooLarge,
        $"a record of about {sizeBound} bytes is larger than max.request.size ({_producer.Options.MaxRequestSizeBytes})");
}
