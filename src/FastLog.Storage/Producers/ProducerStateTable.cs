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

    /// <summary>First offset of the oldest open transaction; -1 when none is open.</summary>
    public long FirstOpenTransactionOffset
    {
        get
        {
            long first = ProducerState.NoTransaction;
            foreach (ProducerState producer in _producers.Values)
            {
                long offset = producer.TransactionFirstOffset;
                if (offset != ProducerState.NoTransaction && (first == ProducerState.NoTransaction || offset < first))
                    first = offset;
            }
            return first;
        }
    }

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
    /// <param name="coordinatorEpoch">From the end marker; only for control batches.</param>
    public void Append(in RecordBatchHeader header, int coordinatorEpoch)
    {
        if (!header.HasProducerId)
            return;
        ProducerState producer = GetOrAdd(header.ProducerId);
        if (header.ProducerEpoch != producer.Epoch)
        {
            producer.Epoch = header.ProducerEpoch;
            producer.Batches.Clear();
        }
        producer.LastTimestampMs = header.MaxTimestamp;
        if (header.IsControl)
        {
            producer.TransactionFirstOffset = ProducerState.NoTransaction;
            producer.CoordinatorEpoch = coordinatorEpoch;
            return;
        }
        producer.Batches.Add(
            new ProducerBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
        if (header.IsTransactional && producer.TransactionFirstOffset == ProducerState.NoTransaction)
            producer.TransactionFirstOffset = header.BaseOffset;
    }

    /// <summary>Takes over a producer from a snapshot.</summary>
    public void Restore(ProducerState producer) => _producers[producer.ProducerId] = producer;

    public void Clear() => _producers.Clear();

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
