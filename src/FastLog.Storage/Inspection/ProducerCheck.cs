using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>
/// Follows the producers through the batches, and holds the .snapshot files against it when their offset comes by. Told
/// anew from the format's rules, not with the code that it checks.
/// </summary>
internal sealed class ProducerCheck(IFileSystem files, PartitionFiles partition, FindingSink sink)
{
    private readonly Dictionary<long, ProducerSnapshotEntry> _producers = [];
    private int _nextSnapshot;
    private bool _isComplete = true;

    /// <summary>Whether all producers' whole past was seen, or told by a snapshot.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>The log starts at an offset: what happened before is known from that offset's snapshot only.</summary>
    public void Begin(long startOffset)
    {
        while (_nextSnapshot < partition.ProducerSnapshotOffsets.Count && partition.ProducerSnapshotOffsets[_nextSnapshot] <= startOffset)
        {
            long offset = partition.ProducerSnapshotOffsets[_nextSnapshot++];
            EntryFileContent<ProducerSnapshotEntry>? content = Read(offset);
            _isComplete = offset == startOffset && content is { Problem: null };
            if (!_isComplete)
                continue;
            foreach (ProducerSnapshotEntry entry in content!.Entries)
                _producers[entry.ProducerId] = entry;
        }
        _isComplete = _isComplete && (startOffset == 0 || _nextSnapshot > 0);
    }

    /// <summary>Something is missing in the log, or cannot be read.</summary>
    public void OnHole() => _isComplete = false;

    /// <summary>Compares the snapshots up to an offset; to be called before the batch that starts there.</summary>
    public void OnOffset(long offset)
    {
        for (; _nextSnapshot < partition.ProducerSnapshotOffsets.Count && partition.ProducerSnapshotOffsets[_nextSnapshot] <= offset; _nextSnapshot++)
            Compare(partition.ProducerSnapshotOffsets[_nextSnapshot], offset);
    }

    /// <summary>The log ends: snapshots beyond are of a log that was longer.</summary>
    public void OnEnd(long endOffset)
    {
        OnOffset(endOffset);
        for (; _nextSnapshot < partition.ProducerSnapshotOffsets.Count; _nextSnapshot++)
            sink.Error(PathOf(partition.ProducerSnapshotOffsets[_nextSnapshot]), -1, $"a snapshot behind the log's end {endOffset}");
    }

    /// <summary>Takes a batch over.</summary>
    /// <returns>For a marker, the first offset of the transaction that it ends; -1 when there is none.</returns>
    public long OnBatch(in RecordBatchHeader header, int coordinatorEpoch)
    {
        if (!header.HasProducerId)
            return -1;
        bool isKnown = _producers.TryGetValue(header.ProducerId, out ProducerSnapshotEntry before);
        if (!isKnown || before.ProducerEpoch != header.ProducerEpoch)
        {
            long openTransaction = isKnown ? before.CurrentTransactionFirstOffset : -1;
            int epochBefore = isKnown ? before.CoordinatorEpoch : -1;
            before = new ProducerSnapshotEntry(header.ProducerId, header.ProducerEpoch, -1, -1, 0, -1, epochBefore, openTransaction, -1);
        }
        long ended = -1;
        if (header.IsControl)
        {
            ended = before.CurrentTransactionFirstOffset;
            before = before with { CoordinatorEpoch = coordinatorEpoch, CurrentTransactionFirstOffset = -1, TimestampMs = header.MaxTimestamp };
        }
        else
        {
            bool begins = header.IsTransactional && before.CurrentTransactionFirstOffset < 0;
            before = before with
            {
                LastSequence = header.LastSequence,
                LastOffset = header.LastOffset,
                OffsetDelta = header.LastOffsetDelta,
                TimestampMs = header.MaxTimestamp,
                CurrentTransactionFirstOffset = begins ? header.BaseOffset : before.CurrentTransactionFirstOffset,
            };
        }
        _producers[header.ProducerId] = before;
        return ended;
    }

    /// <summary>First offset of the oldest open transaction; <paramref name="otherwise"/> when none is open.</summary>
    public long FirstOpenOffset(long otherwise)
    {
        long first = otherwise;
        foreach (ProducerSnapshotEntry producer in _producers.Values)
        {
            if (producer.CurrentTransactionFirstOffset >= 0)
                first = Math.Min(first, producer.CurrentTransactionFirstOffset);
        }
        return first;
    }

    private void Compare(long snapshotOffset, long reached)
    {
        EntryFileContent<ProducerSnapshotEntry>? content = Read(snapshotOffset);
        // A snapshot is taken between two batches; where the batches are gone, nothing tells what was known then.
        if (content is not { Problem: null } || !_isComplete || snapshotOffset < reached && _producers.Values.Any(producer => producer.LastOffset >= snapshotOffset))
            return;
        string path = PathOf(snapshotOffset);
        foreach (ProducerSnapshotEntry entry in content.Entries)
        {
            if (!_producers.TryGetValue(entry.ProducerId, out ProducerSnapshotEntry seen))
                sink.Error(path, entry.FilePosition, $"producer {entry.ProducerId} wrote nothing before {snapshotOffset}");
            else if (seen with { FilePosition = entry.FilePosition } != entry)
                sink.Error(path, entry.FilePosition, $"producer {entry.ProducerId}: {Describe(entry)} where the log says {Describe(seen)}");
        }
        // Idle producers are forgotten, but none with an open transaction.
        HashSet<long> stored = [.. content.Entries.Select(entry => entry.ProducerId)];
        foreach (ProducerSnapshotEntry producer in _producers.Values)
        {
            if (producer.CurrentTransactionFirstOffset >= 0 && !stored.Contains(producer.ProducerId))
                sink.Error(path, -1, $"producer {producer.ProducerId} is missing, whose transaction is open since {producer.CurrentTransactionFirstOffset}");
        }
    }

    private EntryFileContent<ProducerSnapshotEntry>? Read(long offset)
    {
        string path = PathOf(offset);
        if (!files.FileExists(path))
            return null;
        EntryFileContent<ProducerSnapshotEntry> content = EntryFileReader.ReadProducerSnapshot(files, path);
        if (content.Problem is not null)
            sink.Error(path, content.ProblemPosition, content.Problem);
        return content;
    }

    private string PathOf(long offset) => partition.PathOf(offset, SegmentNames.Snapshot);

    private static string Describe(in ProducerSnapshotEntry entry) =>
        $"epoch {entry.ProducerEpoch}, sequence {entry.LastSequence}, offset {entry.LastOffset} (delta {entry.OffsetDelta}), "
        + $"timestamp {entry.TimestampMs}, coordinator epoch {entry.CoordinatorEpoch}, open transaction {entry.CurrentTransactionFirstOffset}";
}
