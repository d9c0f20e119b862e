namespace FastLog.Storage;

/// <summary>What a log knows of one producer.</summary>
internal sealed class ProducerState(long producerId)
{
    public const long NoTransaction = -1;

    // Not readonly: the ring changes in place.
    private ProducerBatches _batches;

    public long ProducerId { get; } = producerId;

    public short Epoch { get; set; } = -1;

    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>First offset of the open transaction, or <see cref="NoTransaction"/>.</summary>
    public long TransactionFirstOffset { get; set; } = NoTransaction;

    /// <summary>Timestamp of the newest batch, markers included: idle producers are forgotten by it.</summary>
    public long LastTimestampMs { get; set; } = -1;

    public ref ProducerBatches Batches => ref _batches;
}

/// <summary>A producer that is known to a log, as DescribeProducers shows it.</summary>
/// <param name="ProducerId">The producer's id.</param>
/// <param name="ProducerEpoch">Its newest epoch.</param>
/// <param name="LastSequence">Sequence of its newest record, -1 for none.</param>
/// <param name="LastTimestampMs">Timestamp in ms of its newest batch, -1 for none.</param>
/// <param name="CoordinatorEpoch">Epoch of the transaction coordinator that last wrote a marker, -1 for none.</param>
/// <param name="CurrentTransactionStartOffset">First offset of its open transaction, -1 for none.</param>
public readonly record struct ActiveProducer(
    long ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastTimestampMs,
    int CoordinatorEpoch,
    long CurrentTransactionStartOffset);
