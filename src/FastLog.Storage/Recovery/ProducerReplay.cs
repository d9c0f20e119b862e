using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Producer state of a log from a sound snapshot and the batches behind it. A snapshot holds one batch per producer, but
/// a producer that was cut off may send five again. So unless the stop was clean the replay begins one snapshot earlier
/// than it could, and comes by the batches before the newest one of every producer.
/// </summary>
internal static class ProducerReplay
{
    // An end marker is a batch of one tiny record; what is needed of it lies within these bytes after the header.
    public const int MarkerBytesMax = 128;

    /// <summary>Fills the table up to the end of the segments; snapshots beyond it or broken are removed.</summary>
    /// <param name="store">The log's files.</param>
    /// <param name="names">Their names.</param>
    /// <param name="segments">The log's segments, in order.</param>
    /// <param name="logStartOffset">What lies below it is gone.</param>
    /// <param name="logEndOffset">Where the segments end.</param>
    /// <param name="table">Is emptied and filled.</param>
    /// <param name="makeReady">Sees to a segment's indexes before they are used.</param>
    /// <param name="isClean">The stop was clean, so the newest snapshot is as good as the batches before it.</param>
    /// <returns>Bytes walked over.</returns>
    public static long Rebuild(
        SegmentStore store,
        IReadOnlyCollection<string> names,
        LogSegment[] segments,
        long logStartOffset,
        long logEndOffset,
        ProducerStateTable table,
        Action<LogSegment> makeReady,
        bool isClean = false)
    {
        List<long> snapshots = FindSnapshots(store, names, logEndOffset);
        if (!isClean && snapshots.Count > 0)
        {
            // The earlier one tells no less only if nothing between the two is gone.
            long earlier = snapshots.Count > 1 ? snapshots[^2] : 0;
            if (earlier >= logStartOffset)
                snapshots.RemoveAt(snapshots.Count - 1);
        }
        long from = LoadNewest(store, snapshots, table);
        from = Math.Max(from, logStartOffset);
        long walkedBytes = 0;
        foreach (LogSegment segment in segments)
        {
            if (segment.NextOffset > from)
                walkedBytes += Replay(segment, from, table, makeReady);
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

    private static List<long> FindSnapshots(SegmentStore store, IReadOnlyCollection<string> names, long logEndOffset)
    {
        List<long> offsets = [];
        foreach (string name in names)
        {
            if (!SegmentNames.TryParse(name, SegmentNames.Snapshot, out long offset))
                continue;
            if (offset <= logEndOffset)
                offsets.Add(offset);
            else
                store.Files.DeleteFile(store.PathOf(offset, SegmentNames.Snapshot));
        }
        offsets.Sort();
        return offsets;
    }

    private static long LoadNewest(SegmentStore store, List<long> snapshots, ProducerStateTable table)
    {
        for (int i = snapshots.Count - 1; i >= 0; i--)
        {
            string path = store.PathOf(snapshots[i], SegmentNames.Snapshot);
            if (ProducerSnapshot.TryDecode(AtomicFile.ReadBytes(store.Files, path), table))
                return snapshots[i];
            store.Files.DeleteFile(path);
        }
        table.Clear();
        return 0;
    }

    private static long Replay(LogSegment segment, long from, ProducerStateTable table, Action<LogSegment> makeReady)
    {
        using SegmentFile held = segment.Log.Acquire();
        makeReady(segment);
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
