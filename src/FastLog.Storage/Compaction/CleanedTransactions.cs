using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Follows the transactions of a log in offset order and says which batches are of no use: the records of aborted ones,
/// and markers none of whose records is left. A marker outlives its records by one cleaning at least, and with it the
/// entry of an aborted transaction. Pure.
/// </summary>
internal sealed class CleanedTransactions
{
    private readonly PriorityQueue<AbortedTransactionEntry, long> _coming = new();
    private readonly Dictionary<long, AbortedTransaction> _aborted = [];
    private readonly HashSet<long> _withRecords = [];

    /// <summary>Entries whose markers have to stay; whoever writes them takes them out.</summary>
    public List<AbortedTransactionEntry> KeptEntries { get; } = [];

    /// <summary>Announces aborted transactions that reach into what follows; one may come again with the next segment.</summary>
    public void Announce(List<AbortedTransactionEntry> entries)
    {
        foreach (AbortedTransactionEntry entry in entries)
            _coming.Enqueue(entry, entry.FirstOffset);
    }

    /// <summary>Whether the records of a data batch are of no use, being of an aborted transaction.</summary>
    public bool OnDataBatch(in RecordBatchHeader header)
    {
        Reach(header);
        if (!header.IsTransactional)
            return false;
        if (_aborted.TryGetValue(header.ProducerId, out AbortedTransaction? transaction))
        {
            transaction.HasBatches = true;
            return true;
        }
        _withRecords.Add(header.ProducerId);
        return false;
    }

    /// <summary>Whether a control batch is of no use: nothing came by of what it ends, or compaction emptied it before.</summary>
    public bool OnControlBatch(in RecordBatchHeader header, EndMarker? marker)
    {
        Reach(header);
        if (marker is not { } end)
            return header.RecordsCount == 0;
        if (!end.IsAbort)
            return !_withRecords.Remove(header.ProducerId);
        if (!_aborted.Remove(header.ProducerId, out AbortedTransaction? transaction) || !transaction.HasBatches)
            return true;
        KeptEntries.Add(transaction.Entry);
        return false;
    }

    private void Reach(in RecordBatchHeader header)
    {
        while (_coming.TryPeek(out AbortedTransactionEntry entry, out long firstOffset) && firstOffset <= header.LastOffset)
        {
            _coming.Dequeue();
            if (entry.LastOffset >= header.BaseOffset)
                _aborted.TryAdd(entry.ProducerId, new AbortedTransaction(entry));
        }
    }

    private sealed class AbortedTransaction(AbortedTransactionEntry entry)
    {
        public AbortedTransactionEntry Entry { get; } = entry;

        public bool HasBatches { get; set; }
    }
}
