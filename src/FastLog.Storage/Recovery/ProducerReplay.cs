using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// Producer state of a log from a sound snapshot and the batches behind it. A snapshot holds one batch per producer, but
/// a producer that was cut off may send five again. So unless the stop was clean the replay begins one snapshot earlier
/// than it could, and comes by the batches before the newest one of every producer.
/// </summary>
internal static class ProducerReplay
{
    /// <summary>Fills the table up to the end of the segments; snapshots beyond it or broken are removed.</summary>
    /// <param name="store">The log's files.</param>
    /// <param name="names">Their names.</param>
    /// <param name="segments">The log's segments, in order.</param>
    /// <param name="logStartOffset">What lies below it is gone.</param>
    /// <param name="logEndOffset">Where the segments end.</param>
    /// <param name="table">Is emptied and filled.</param>
    /// <param name="makeReady">Sees to a segment's indexes before they are used.</param>
    /// <param name="isClean">The stop was clean, so the newest snapshot is as good as the batches before it.</param>
    /// <param name="unindexed">Base offsets of segments whose transaction index was reset and is to be filled too.</param>
    /// <returns>Bytes walked over.</returns>
    public static long Rebuild(
        SegmentStore store,
        IReadOnlyCollection<string> names,
        LogSegment[] segments,
        long logStartOffset,
        long logEndOffset,
        ProducerStateTable table,
        Action<LogSegment> makeReady,
        bool isClean = false,
        IReadOnlySet<long>? unindexed = null)
    {
        List<long> snapshots = FindSnapshots(store, names, logEndOffset);
        long firstUnindexed = unindexed is { Count: > 0 } ? unindexed.Min() : long.MaxValue;
        List<long> olderSnapshots = snapshots.FindAll(offset => offset <= firstUnindexed);
        long from = LoadNewest(store, snapshots, table);
        // Where nobody was known, nobody's earlier batches are missing.
        if (!isClean && table.Count > 0)
        {
            // The earlier one tells no less only if nothing between the two is gone.
            int loaded = snapshots.IndexOf(from);
            long earlier = loaded > 0 ? snapshots[loaded - 1] : 0;
            if (earlier >= logStartOffset)
                from = LoadNewest(store, snapshots[..loaded], table);
        }
        from = Math.Max(from, logStartOffset);
        if (from <= firstUnindexed)
            return Replay(segments, from, table, makeReady, unindexed);
        // What the newest snapshot knows may be more than the batches before it still tell: two walks, not one.
        ProducerStateTable scratch = new();
        long older = Math.Max(LoadNewest(store, olderSnapshots, scratch), logStartOffset);
        return Replay(segments, older, scratch, makeReady, unindexed) + Replay(segments, from, table, makeReady, unindexed: null);
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
            {
                // Who was idle for long is forgotten here too; a log that nobody writes to would keep him for ever.
                table.Expire(store.Home.Time.GetUtcNow().ToUnixTimeMilliseconds(), store.Home.ProducerIdExpirationMs);
                return snapshots[i];
            }
            store.Files.DeleteFile(path);
        }
        table.Clear();
        return 0;
    }

    private static long Replay(
        LogSegment[] segments, long from, ProducerStateTable table, Action<LogSegment> makeReady, IReadOnlySet<long>? unindexed)
    {
        long walkedBytes = 0;
        foreach (LogSegment segment in segments)
        {
            if (segment.NextOffset <= from)
                continue;
            using SegmentFile held = segment.Log.Acquire();
            makeReady(segment);
            walkedBytes += Replay(segment, from, table, unindexed?.Contains(segment.BaseOffset) == true);
        }
        return walkedBytes;
    }

    private static long Replay(LogSegment segment, long from, ProducerStateTable table, bool isUnindexed)
    {
        int size = segment.SizeInBytes;
        BatchScanner scanner = BatchScanner.From(
            segment, stackalloc byte[BatchScanner.WindowBytes], Math.Max(from, segment.BaseOffset), size);
        long start = scanner.NextPosition;
        while (scanner.MoveNext())
        {
            RecordBatchHeader header = scanner.Header;
            if (header.LastOffset < from || !header.HasProducerId)
                continue;
            EndMarker? marker = header.IsControl ? EndMarker.Read(segment.Log.File, header, scanner.Position) : null;
            if (table.Append(header, marker) is { } aborted && isUnindexed)
                segment.Transactions.Append(aborted);
        }
        return size - start;
    }
}
