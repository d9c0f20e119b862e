using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <content>Transactions: what read_committed consumers may see (KIP-98).</content>
public sealed partial class PartitionLog
{
    // Kept from fetch to fetch: nearly always it stays empty.
    [ThreadStatic]
    private static List<AbortedTransactionEntry>? _abortedEntries;

    /// <summary>First offset of the oldest transaction still open in the log; -1 when none is.</summary>
    public long FirstOpenTransactionOffset
    {
        get
        {
            lock (_lock)
                return _producers.FirstOpenTransactionOffset;
        }
    }

    /// <summary>
    /// The offset below which every transaction is decided: the high watermark, or the first offset of the earliest
    /// transaction that is open, or whose marker is not below the high watermark. Never below the log's start: what of a
    /// transaction was deleted holds nothing back.
    /// </summary>
    /// <param name="highWatermark">The partition's high watermark; must not go back from call to call.</param>
    public long LastStableOffset(long highWatermark)
    {
        // Whatever lies below the high watermark was counted before it was: none counted now means none is below it.
        if (_producers.Undecided.IsEmpty)
            return highWatermark;
        lock (_lock)
            return Math.Min(Math.Max(_producers.Undecided.LastStableOffset(highWatermark), _logStartOffset), highWatermark);
    }

    /// <summary>Adds the aborted transactions that reach into a range of offsets, as Fetch tells them.</summary>
    /// <param name="fetchOffset">The first offset of the range.</param>
    /// <param name="upperBoundOffset">The end of the range, exclusive.</param>
    /// <param name="aborted">Takes the transactions, in the order of their markers.</param>
    /// <exception cref="LogUnavailableException">KAFKA_STORAGE_ERROR.</exception>
    public void AbortedTransactions(long fetchOffset, long upperBoundOffset, List<AbortedTransaction> aborted)
    {
        ArgumentNullException.ThrowIfNull(aborted);
        List<AbortedTransactionEntry> entries = _abortedEntries ??= [];
        FindAborted(fetchOffset, upperBoundOffset, entries);
        foreach (AbortedTransactionEntry entry in entries)
            aborted.Add(new AbortedTransaction(entry.ProducerId, entry.FirstOffset));
    }

    /// <summary>
    /// <see cref="Read"/> with the aborted transactions among what was read. Both are of one state of the log: compaction
    /// removes an aborted transaction's records, its marker and its entry, and never lets one of them stand alone.
    /// </summary>
    /// <param name="offset">Where to start.</param>
    /// <param name="maxBytes">The most bytes wanted.</param>
    /// <param name="lastStableOffset">Batches that reach it or lie beyond are left out.</param>
    /// <param name="atLeastOneBatch">Return the first batch even if it is larger.</param>
    /// <param name="aborted">Cleared, then takes the transactions.</param>
    public ReadResult ReadCommitted(
        long offset, int maxBytes, long lastStableOffset, bool atLeastOneBatch, List<AbortedTransaction> aborted)
    {
        ArgumentNullException.ThrowIfNull(aborted);
        while (true)
        {
            aborted.Clear();
            LogSegment[] segments = Segments;
            ReadResult read = Read(offset, maxBytes, lastStableOffset, atLeastOneBatch);
            if (read.SizeInBytes == 0)
                return read;
            try
            {
                AbortedTransactions(offset, read.NextOffset, aborted);
            }
            catch (LogUnavailableException)
            {
                read.Lease!.Dispose();
                return ReadResult.Empty(ReadStatus.StorageError, offset);
            }
            if (segments == Segments)
                return read;
            read.Lease!.Dispose();
        }
    }

    /// <summary>The entries of the aborted transactions that reach into a range; the list is cleared first.</summary>
    internal void FindAborted(long fromOffset, long upperBoundOffset, List<AbortedTransactionEntry> found)
    {
        found.Clear();
        LogSegment[] segments = Segments;
        for (int i = FloorIndex(segments, fromOffset); i < segments.Length; i++)
        {
            if (TryCollect(segments[i], fromOffset, upperBoundOffset, found) is { } isComplete)
            {
                if (isComplete)
                    return;
                continue;
            }
            if (segments == Segments)
                throw new LogUnavailableException(Partition);
            // Replaced or removed meanwhile: look again at what is there now.
            found.Clear();
            segments = Segments;
            i = FloorIndex(segments, fromOffset) - 1;
        }
    }

    /// <summary>Null when the segment cannot be read (any more).</summary>
    private static bool? TryCollect(LogSegment segment, long fromOffset, long upperBoundOffset, List<AbortedTransactionEntry> found)
    {
        if (!segment.Log.TryAcquire())
            return null;
        try
        {
            return segment.Transactions.Collect(fromOffset, upperBoundOffset, found);
        }
        catch (DiskException)
        {
            return null;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }

    private void AccountProducer(LogSegment active, in RecordBatchHeader header, in ReadOnlySequence<byte> payload)
    {
        EndMarker? marker = header.IsControl ? EndMarker.Read(header, payload) : null;
        if (_producers.Append(header, marker) is { } aborted)
            active.Transactions.Append(aborted);
    }
}
