using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Goes through one partition's directory: every batch once, with all that is told about it elsewhere.</summary>
internal sealed class PartitionVerifier
{
    private readonly IFileSystem _files;
    private readonly PartitionFacts _facts;
    private readonly FindingSink _sink;
    private readonly PartitionFiles _partition;
    private readonly EpochCheck _epochs;
    private readonly ProducerCheck _producers;
    private readonly RecordsCheck _records;
    private bool _hasHoles;

    private PartitionVerifier(IFileSystem files, string directory, PartitionFacts facts, FindingSink sink, RecordsCheck records)
    {
        _files = files;
        _facts = facts;
        _sink = sink;
        _records = records;
        // Before the logs: a broker at work adds to the log first.
        _partition = PartitionFiles.List(files, directory);
        _epochs = EpochCheck.Open(files, directory, facts, sink);
        _producers = new ProducerCheck(files, _partition, sink);
    }

    /// <summary>The offset behind the last sound batch.</summary>
    private long NextOffset { get; set; }

    /// <summary>Verifies a directory.</summary>
    /// <returns>The offset behind the log's last batch.</returns>
    public static long Run(IFileSystem files, string directory, PartitionFacts facts, FindingSink sink)
    {
        using RecordsCheck records = new(sink);
        return new PartitionVerifier(files, directory, facts, sink, records).Run();
    }

    private long Run()
    {
        _sink.Summary.PartitionsCount++;
        NoteLeftovers();
        CheckTopicId();
        _epochs.CheckOrder();
        List<long> bases = _partition.BaseOffsets;
        NextOffset = bases.Count > 0 ? bases[0] : 0;
        _producers.Begin(NextOffset);
        for (int i = 0; i < bases.Count; i++)
            CheckSegment(bases[i], isLast: i == bases.Count - 1);
        // Everything may have been deleted, up to an offset that the checkpoint alone knows.
        long end = Math.Max(NextOffset, _facts.LogStart);
        _producers.OnEnd(end);
        _epochs.OnEnd(end);
        foreach (string snapshot in _partition.MetadataSnapshots)
            new MetadataSnapshotCheck(_files, Path.Combine(_partition.Directory, snapshot), _sink, _records).Run();
        return end;
    }

    private void CheckSegment(long baseOffset, bool isLast)
    {
        _sink.Summary.SegmentsCount++;
        SegmentCheck segment = new(_files, _partition, baseOffset, isLast, _facts, _sink);
        using BatchFileReader batches = new(_files, _partition.PathOf(baseOffset, SegmentNames.Log));
        if (NextOffset > baseOffset)
            _sink.Error(batches.Path, -1, $"the segment before reaches to offset {NextOffset - 1}");
        CheckHole(batches.Path, 0, baseOffset);
        bool isBroken = false;
        while (true)
        {
            while (batches.MoveNext())
                CheckBatch(batches, segment, baseOffset);
            if (batches.Problem is null)
                break;
            isBroken = true;
            if (!TryGoOn(batches, isLast))
                break;
        }
        _sink.Summary.SizeInBytes += batches.SizeInBytes;
        segment.OnEnd(batches.NextPosition, isBroken, !_hasHoles);
    }

    private void CheckBatch(BatchFileReader batches, SegmentCheck segment, long baseOffset)
    {
        _sink.Summary.BatchesCount++;
        RecordBatchHeader header = batches.Header;
        if (!batches.IsCrcValid)
        {
            bool isTail = batches.NextPosition == batches.SizeInBytes && _partition.BaseOffsets[^1] == baseOffset;
            _sink.Add(
                _facts.SeverityOfDamage(NextOffset, isTail),
                batches.Path,
                batches.Position,
                $"batch of offset {header.BaseOffset}: the CRC in the header is {header.Crc:x8}, that of the bytes {CrcOf(batches):x8}");
            _producers.OnHole();
            _hasHoles = true;
            // No field of it can be trusted but, if it fits, where it ends.
            if (header.BaseOffset == NextOffset && header.LastOffset - baseOffset <= int.MaxValue)
                NextOffset = header.NextOffset;
            return;
        }
        if (header.BaseOffset < NextOffset)
            _sink.Error(batches.Path, batches.Position, $"base offset {header.BaseOffset} where at least {NextOffset} was due");
        else if (header.LastOffset - baseOffset > int.MaxValue)
            _sink.Error(batches.Path, batches.Position, $"offset {header.LastOffset} is too far from the segment's base for its index");
        CheckHole(batches.Path, batches.Position, header.BaseOffset);
        _producers.OnOffset(header.BaseOffset);
        _epochs.OnBatch(batches);
        _records.OnBatch(batches);
        segment.Offsets.OnBatch(header, batches.Position);
        segment.Times.OnBatch(header);
        Follow(segment, header);
        NextOffset = Math.Max(NextOffset, header.NextOffset);
    }

    private void Follow(SegmentCheck segment, in RecordBatchHeader header)
    {
        if (header.RecordsCount <= header.LastOffsetDelta)
        {
            // Compaction was here: what is left tells the truth, but not all of it.
            _hasHoles = true;
            _producers.OnHole();
        }
        long began = _producers.OnBatch(header, _records.CoordinatorEpoch);
        if (_records.ControlType == ControlRecordType.Abort)
            segment.Aborted.OnAbort(header, began, _producers.FirstOpenOffset(header.NextOffset), _producers.IsComplete && !_hasHoles);
    }

    private void CheckHole(string path, long position, long offset)
    {
        if (offset <= NextOffset)
            return;
        _hasHoles = true;
        _producers.OnHole();
        if (_facts.SeverityOfHole(offset) is { } severity)
            _sink.Add(severity, path, position, $"offsets {NextOffset} to {offset - 1} are missing");
        NextOffset = offset;
    }

    private bool TryGoOn(BatchFileReader batches, bool isLast)
    {
        string problem = batches.Problem!;
        long broken = batches.NextPosition;
        _producers.OnHole();
        _hasHoles = true;
        if (batches.TryResync())
        {
            _sink.Add(
                _facts.SeverityOfDamage(NextOffset, isTail: false),
                batches.Path,
                broken,
                $"{problem}; the next sound batch lies at position {batches.NextPosition}");
            return true;
        }
        FindingSeverity severity = _facts.SeverityOfDamage(NextOffset, isLast);
        long left = batches.SizeInBytes - broken;
        if (batches.IsZeroFrom(broken))
            problem = "zeros up to the end, reserved and never written to";
        _sink.Add(
            severity,
            batches.Path,
            broken,
            severity == FindingSeverity.Warning ? $"a torn tail of {left} bytes, which recovery cuts off: {problem}" : $"{problem}; {left} bytes cannot be read");
        return false;
    }

    private static uint CrcOf(BatchFileReader batches) =>
        Crc32C.Compute(batches.Batch.Span[RecordBatchHeader.AttributesOffset..]);

    private void CheckTopicId()
    {
        try
        {
            if (new PartitionMetadataFile(_files, _partition.Directory).Read() is null && _facts.HasHome)
                _sink.Note(_partition.Directory, "no partition.metadata tells the topic's id");
        }
        catch (CheckpointFormatException exception)
        {
            _sink.Error(exception.Path, -1, exception.Problem);
        }
    }

    private static bool IsBeingRemoved(string name) => name.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal);

    private void NoteLeftovers()
    {
        // A broker at work keeps what it removes for a minute, often hundreds of files.
        int removedCount = _partition.Leftovers.Count(IsBeingRemoved);
        if (removedCount > 0)
            _sink.Note(_partition.Directory, $"{removedCount} files are marked {SegmentNames.Deleted} and wait to be removed");
        foreach (string name in _partition.Leftovers.Where(name => !IsBeingRemoved(name)))
            _sink.Note(Path.Combine(_partition.Directory, name), "is no part of the log; the next start completes or removes what a stop left half done");
    }
}
