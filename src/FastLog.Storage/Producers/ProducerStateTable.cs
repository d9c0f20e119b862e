using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What the table says to a batch of an idempotent producer.</summary>
internal enum SequenceCheck
{
    Accepted,
    Duplicate,
    InvalidEpoch,
    OutOfOrder,
    InvalidTransactionState,
}

/// <summary>
/// All producers of one log: decides on duplicates and gaps (KIP-98, KIP-185), knows the open transactions. Pure: the
/// log feeds it batches in offset order, and after a reopen the same batches again. Used under the log's lock.
/// </summary>
internal sealed class ProducerStateTable
{
    private readonly Dictionary<long, ProducerState> _producers = [];

    public int Count => _producers.Count;

    public IReadOnlyCollection<ProducerState> Producers => _producers.Values;

    /// <summary>The transactions that hold the last stable offset back.</summary>
    public UndecidedTransactions Undecided { get; } = new();

    /// <summary>First offset of the oldest open transaction; -1 when none is open.</summary>
    public long FirstOpenTransactionOffset => Undecided.FirstOpenOffset;

    /// <summary>Judges a data batch with a producer id before it is appended.</summary>
    public SequenceCheck Check(in RecordBatchHeader header, out ProducerBatch duplicate)
    {
        duplicate = default;
        if (!_producers.TryGetValue(header.ProducerId, out ProducerState? producer))
            return SequenceCheck.Accepted;
        ref ProducerBatches batches = ref producer.Batches;
        bool sameEpoch = producer.Epoch == header.ProducerEpoch;
        if (sameEpoch && batches.TryFind(header.BaseSequence, header.LastSequence, out duplicate))
            return SequenceCheck.Duplicate;
        if (header.ProducerEpoch < producer.Epoch)
            return SequenceCheck.InvalidEpoch;
        if (!sameEpoch && header.BaseSequence != 0)
            return SequenceCheck.OutOfOrder;
        if (sameEpoch && batches.Count > 0 && header.BaseSequence != Following(batches.Newest.LastSequence))
            return SequenceCheck.OutOfOrder;
        if (!header.IsTransactional && producer.TransactionFirstOffset != ProducerState.NoTransaction)
            return SequenceCheck.InvalidTransactionState;
        return SequenceCheck.Accepted;
    }

    /// <summary>Takes over a batch that is in the log now. Batches without a producer id change nothing.</summary>
    /// <param name="header">The batch as it lies in the log.</param>
    /// <param name="marker">What a control batch says; null when compaction emptied it.</param>
    /// <returns>The transaction that the batch aborted, to be noted in its segment's index; else null.</returns>
    public AbortedTransactionEntry? Append(in RecordBatchHeader header, EndMarker? marker)
    {
        if (!header.HasProducerId)
            return null;
        ProducerState producer = GetOrAdd(header.ProducerId);
        if (header.ProducerEpoch != producer.Epoch)
        {
            producer.Epoch = header.ProducerEpoch;
            producer.Batches.Clear();
        }
        producer.LastTimestampMs = header.MaxTimestamp;
        if (header.IsControl)
            return marker is { } end ? EndTransaction(producer, header.LastOffset, end) : null;
        producer.Batches.Add(
            new ProducerBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        if (header.IsTransactional && producer.TransactionFirstOffset == ProducerState.NoTransaction)
        {
            producer.TransactionFirstOffset = header.BaseOffset;
            Undecided.Open(header.BaseOffset);
        }
        return null;
    }

    /// <summary>Takes over a producer from a snapshot.</summary>
    public void Restore(ProducerState producer)
    {
        _producers[producer.ProducerId] = producer;
        if (producer.TransactionFirstOffset != ProducerState.NoTransaction)
            Undecided.Open(producer.TransactionFirstOffset);
    }

    public void Clear()
    {
        _producers.Clear();
        Undecided.Clear();
    }

    /// <summary>Forgets producers that wrote nothing for so long, unless a transaction of theirs is open.</summary>
    public int Expire(long nowMs, long expirationMs)
    {
        int before = _producers.Count;
        foreach ((long id, ProducerState producer) in _producers)
        {
            if (producer.TransactionFirstOffset == ProducerState.NoTransaction && nowMs - producer.LastTimestampMs >= expirationMs)
                _producers.Remove(id);
        }
        return before - _producers.Count;
    }

    private AbortedTransactionEntry? EndTransaction(ProducerState producer, long markerOffset, EndMarker end)
    {
        long firstOffset = producer.TransactionFirstOffset;
        producer.TransactionFirstOffset = ProducerState.NoTransaction;
        producer.CoordinatorEpoch = end.CoordinatorEpoch;
        if (firstOffset == ProducerState.NoTransaction)
            return null;
        Undecided.End(firstOffset, markerOffset);
        long stable = Undecided.FirstOpenOffset;
        return end.IsAbort
            ? new AbortedTransactionEntry(
                producer.ProducerId, firstOffset, markerOffset, stable == ProducerState.NoTransaction ? markerOffset + 1 : stable)
            : null;
    }

    private static int Following(int sequence) => RecordBatchHeader.IncrementSequence(sequence, 1);

    private ProducerState GetOrAdd(long producerId)
    {
        if (!_producers.TryGetValue(producerId, out ProducerState? producer))
        {
            producer = new ProducerState(producerId);
            _producers.Add(producerId, producer);
        }
        return producer;
    }
}
