using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Holds one segment's .txnindex against the abort markers in its .log.</summary>
internal sealed class TransactionIndexCheck(string path, IReadOnlyList<TransactionIndexEntry> entries, FindingSink sink)
{
    private int _next;

    public void CheckOrder()
    {
        for (int i = 0; i < entries.Count; i++)
        {
            TransactionIndexEntry entry = entries[i];
            if (entry.Version != 0)
                Report(entry, $"version {entry.Version} is not known");
            else if (i > 0 && entry.LastOffset <= entries[i - 1].LastOffset)
                Report(entry, $"comes after the one that ends at {entries[i - 1].LastOffset}");
            else if (entry.FirstOffset < 0 || entry.FirstOffset >= entry.LastOffset)
                Report(entry, "ends before it begins");
            else if (entry.LastStableOffset < 0 || entry.LastStableOffset > entry.LastOffset + 1)
                Report(entry, $"no last stable offset was ever {entry.LastStableOffset}");
        }
    }

    /// <summary>An abort marker comes by.</summary>
    /// <param name="header">Its batch.</param>
    /// <param name="firstOffset">Where its transaction began; -1 when nothing of it is in this log.</param>
    /// <param name="lastStableOffset">The last stable offset behind the marker.</param>
    /// <param name="isExact">The two offsets are known for sure.</param>
    public void OnAbort(in RecordBatchHeader header, long firstOffset, long lastStableOffset, bool isExact)
    {
        long marker = header.LastOffset;
        SkipTo(marker, isExact);
        if (_next == entries.Count || entries[_next].LastOffset != marker)
        {
            if (isExact && firstOffset >= 0)
                sink.Error(path, -1, $"the aborted transaction of producer {header.ProducerId}, {firstOffset} to {marker}, is missing");
            return;
        }
        TransactionIndexEntry entry = entries[_next++];
        if (entry.ProducerId != header.ProducerId)
            Report(entry, $"the marker is of producer {header.ProducerId}");
        else if (isExact && entry.FirstOffset != firstOffset)
            Report(entry, $"the transaction began at {firstOffset}");
        else if (isExact && entry.LastStableOffset != lastStableOffset)
            Report(entry, $"the last stable offset was {lastStableOffset}");
    }

    public void OnEnd(bool isBroken, bool isExact)
    {
        if (!isBroken)
            SkipTo(long.MaxValue, isExact);
    }

    // Compaction removes old markers and keeps their entries as long as records of the transaction are there.
    private void SkipTo(long offset, bool isExact)
    {
        for (; _next < entries.Count && entries[_next].LastOffset < offset; _next++)
        {
            if (isExact)
                Report(entries[_next], "no abort marker lies at its end");
        }
    }

    private void Report(in TransactionIndexEntry entry, string problem) =>
        sink.Error(path, entry.FilePosition, $"entry of producer {entry.ProducerId}, {entry.FirstOffset} to {entry.LastOffset}: {problem}");
}
