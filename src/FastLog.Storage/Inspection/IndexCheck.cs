using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>
/// Holds the entries of one segment's .index against its batches, in one pass over both: entries rise, point at the
/// start of a batch and never behind the batch of their offset.
/// </summary>
internal sealed class OffsetIndexCheck(string path, IReadOnlyList<OffsetIndexEntry> entries, FindingSink sink)
{
    private int _next;
    private OffsetIndexEntry? _pending;

    /// <summary>False when the entries do not rise: then nothing else is worth checking.</summary>
    public bool CheckOrder()
    {
        for (int i = 0; i < entries.Count; i++)
        {
            OffsetIndexEntry entry = entries[i];
            if (i > 0 && (entry.Offset <= entries[i - 1].Offset || entry.Position <= entries[i - 1].Position))
            {
                sink.Error(
                    path,
                    entry.FilePosition,
                    $"offset {entry.Offset}, position {entry.Position} after offset {entries[i - 1].Offset}, position {entries[i - 1].Position}");
                _next = entries.Count;
                return false;
            }
        }
        return true;
    }

    public void OnBatch(in RecordBatchHeader header, long position)
    {
        while (_next < entries.Count && entries[_next].Position < position)
            Report(entries[_next++], "points into the middle of a batch");
        if (_next < entries.Count && entries[_next].Position == position)
        {
            OffsetIndexEntry entry = entries[_next++];
            if (entry.Offset < header.BaseOffset)
                Report(entry, $"points behind its offset: the batch there starts at {header.BaseOffset}");
            else
                _pending = entry;
        }
        // An append of several batches has one entry: the first one's position, the last one's offset.
        if (_pending is { } pending && header.LastOffset >= pending.Offset)
        {
            if (header.LastOffset > pending.Offset)
                Report(pending, $"no batch ends at its offset: one goes from {header.BaseOffset} to {header.LastOffset}");
            _pending = null;
        }
    }

    /// <summary>The log was read to its end, or <paramref name="isBroken"/> before.</summary>
    public void OnEnd(long sizeInBytes, bool isBroken)
    {
        for (; _next < entries.Count && !isBroken; _next++)
            Report(entries[_next], $"points behind the log, which has {sizeInBytes} bytes");
        if (_pending is { } pending && !isBroken)
            Report(pending, "its offset is not in the segment");
    }

    private void Report(in OffsetIndexEntry entry, string problem) =>
        sink.Error(path, entry.FilePosition, $"entry of offset {entry.Offset}, position {entry.Position}: {problem}");
}

/// <summary>
/// Holds the entries of one segment's .timeindex against its batches: each tells the largest timestamp up to then and
/// the batch that brought it; the last one of a sealed segment, the largest of all.
/// </summary>
internal sealed class TimeIndexCheck(string path, IReadOnlyList<TimeIndexEntry> entries, FindingSink sink)
{
    private readonly int _count = entries.Count;
    private bool _isUseless;
    private int _next;

    public string Path => path;

    public long LargestMs { get; private set; } = RecordBatchHeader.NoTimestamp;

    public void CheckOrder()
    {
        for (int i = 1; i < _count; i++)
        {
            if (entries[i].TimestampMs <= entries[i - 1].TimestampMs || entries[i].Offset <= entries[i - 1].Offset)
            {
                sink.Error(
                    path,
                    entries[i].FilePosition,
                    $"timestamp {entries[i].TimestampMs}, offset {entries[i].Offset} after timestamp {entries[i - 1].TimestampMs}, offset {entries[i - 1].Offset}");
                _isUseless = true;
                return;
            }
        }
    }

    public void OnBatch(in RecordBatchHeader header)
    {
        while (!_isUseless && _next < _count && entries[_next].Offset <= header.LastOffset)
            Compare(entries[_next++], header);
        LargestMs = Math.Max(LargestMs, header.MaxTimestamp);
    }

    /// <param name="isBroken">The log could not be read to its end.</param>
    /// <param name="isSealed">The segment takes no more appends, or was closed.</param>
    public void OnEnd(bool isBroken, bool isSealed)
    {
        if (_isUseless || isBroken)
            return;
        for (; _next < _count; _next++)
            Report(entries[_next], "its offset is not in the segment");
        long known = _count > 0 ? entries[_count - 1].TimestampMs : RecordBatchHeader.NoTimestamp;
        if (isSealed && LargestMs > 0 && known < LargestMs)
            sink.Error(path, -1, $"the largest timestamp of the segment is {LargestMs}, that of the index {known}");
    }

    private void Compare(in TimeIndexEntry entry, in RecordBatchHeader header)
    {
        if (entry.Offset < header.BaseOffset)
            Report(entry, "its offset is in no batch");
        else if (entry.TimestampMs != header.MaxTimestamp)
            Report(entry, $"its batch's largest timestamp is {header.MaxTimestamp}");
        else if (entry.TimestampMs < LargestMs)
            Report(entry, $"a batch before it has {LargestMs}");
    }

    private void Report(in TimeIndexEntry entry, string problem) =>
        sink.Error(path, entry.FilePosition, $"entry of timestamp {entry.TimestampMs}, offset {entry.Offset}: {problem}");
}
