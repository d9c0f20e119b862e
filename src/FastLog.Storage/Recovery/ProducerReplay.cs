using FastLog.Records;

namespace FastLog.Storage;

/// <summary>Producer state of a log from the newest sound snapshot and the batches behind it.</summary>
internal static class ProducerReplay
{
    // An end marker is a batch of one tiny record; what is needed of it lies within these bytes after the header.
    public const int MarkerBytesMax = 128;

    /// <summary>Fills the table up to the end of the segments; snapshots beyond it or broken are removed.</summary>
    /// <returns>Bytes walked over.</returns>
    public static long Rebuild(
        SegmentStore store, LogSegment[] segments, long logStartOffset, long logEndOffset, ProducerStateTable table)
    {
        long from = LoadNewestSnapshot(store, logEndOffset, table);
        from = Math.Max(from, logStartOffset);
        long walkedBytes = 0;
        foreach (LogSegment segment in segments)
        {
            if (segment.NextOffset > from)
                walkedBytes += Replay(segment, from, table);
        }
        return walkedBytes;
    }

    /// <summary>Reads the coordinator epoch of the control batch at a position; -1 when it is no end marker.</summary>
    public static int ReadCoordinatorEpoch(IFile file, in RecordBatchHeader header, long position)
    {
        int size = (int)Math.Min(MarkerBytesMax, header.TotalSizeInBytes - RecordBatchHeader.SizeInBytes);
        Span<byte> record = stackalloc byte[size];
        int read = file.Read(position + RecordBatchHeader.SizeInBytes, record);
        return ReadCoordinatorEpoch(header, record[..read]);
    }

    /// <summary>Reads the coordinator epoch of a control batch's first record; -1 when it is no end marker.</summary>
    public static int ReadCoordinatorEpoch(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        try
        {
            RecordEnumerator enumerator = new(header, records);
            return enumerator.MoveNext()
                && ControlRecord.TryReadKey(enumerator.Current.Key, out ControlRecordType type)
                && type is ControlRecordType.Abort or ControlRecordType.Commit
                && ControlRecord.TryReadEndTransactionValue(enumerator.Current.Value, out int coordinatorEpoch)
                    ? coordinatorEpoch
                    : -1;
        }
        catch (RecordFormatException)
        {
            return -1;
        }
    }

    private static long LoadNewestSnapshot(SegmentStore store, long logEndOffset, ProducerStateTable table)
    {
        table.Clear();
        List<long> offsets = [];
        foreach (string name in store.Files.ListFiles(store.Directory))
        {
            if (SegmentNames.TryParse(name, SegmentNames.Snapshot, out long offset))
                offsets.Add(offset);
        }
        offsets.Sort();
        for (int i = offsets.Count - 1; i >= 0; i--)
        {
            string path = store.PathOf(offsets[i], SegmentNames.Snapshot);
            if (offsets[i] <= logEndOffset && ProducerSnapshot.TryDecode(AtomicFile.ReadBytes(store.Files, path), table))
                return offsets[i];
            store.Files.DeleteFile(path);
        }
        return 0;
    }

    private static long Replay(LogSegment segment, long from, ProducerStateTable table)
    {
        int size = segment.SizeInBytes;
        int start = segment.Index.PositionAtOrBefore(from);
        BatchScanner scanner = new(segment.Log.File, stackalloc byte[BatchScanner.WindowBytes], start, size);
        while (scanner.MoveNext())
        {
            RecordBatchHeader header = scanner.Header;
            if (header.LastOffset < from || !header.HasProducerId)
                continue;
            int coordinatorEpoch = header.IsControl ? ReadCoordinatorEpoch(segment.Log.File, header, scanner.Position) : -1;
            table.Append(header, coordinatorEpoch);
        }
        return size - start;
    }
}
