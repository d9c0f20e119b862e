using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// Opens a log's directory. After a clean stop only the tails of the indexes are looked at. After any other, what lies
/// at or beyond the recovery point is walked and its CRCs checked, the first unsound batch and all behind it are cut,
/// indexes, epochs and producer state are rebuilt, and the result is synced before anybody relies on it.
/// </summary>
internal sealed class LogLoader(ILogHome home, SegmentStore store, TopicPartition partition, LogConfig config, LoadRequest request)
{
    private readonly LeaderEpochCache _epochs = new();
    private readonly List<LogSegment> _segments = [];
    private readonly HashSet<long> _unindexed = [];
    private long _scannedBytes;
    private long _cutBytes;

    public LoadedLog Load()
    {
        LeftoverFiles.PutRight(store);
        LoadEpochs();
        List<long> bases = FindSegments();
        for (int i = 0; i < bases.Count; i++)
        {
            long limit = i + 1 < bases.Count ? bases[i + 1] : long.MaxValue;
            if (!LoadSegment(bases[i], limit))
            {
                DropSegmentsBehind(bases, i);
                break;
            }
        }
        return Finish();
    }

    private List<long> FindSegments()
    {
        List<long> bases = [];
        foreach (string name in store.Files.ListFiles(store.Directory))
        {
            if (SegmentNames.TryParse(name, SegmentNames.Log, out long offset))
                bases.Add(offset);
        }
        bases.Sort();
        // Segments that end at or below the log's start were on their way out.
        while (bases.Count > 1 && bases[1] <= request.LogStartOffset)
        {
            store.DeleteFiles(bases[0]);
            store.Files.DeleteFile(store.PathOf(bases[0], SegmentNames.Snapshot));
            bases.RemoveAt(0);
        }
        return bases;
    }

    private void LoadEpochs()
    {
        foreach (EpochEntry entry in new LeaderEpochFile(store.Files, store.Directory).Read())
        {
            // What lies beyond the recovery point tells its epochs itself, and the file may be older than a cut.
            if (request.IsClean || entry.StartOffset < request.RecoveryPoint)
                _epochs.Assign(entry.Epoch, entry.StartOffset);
        }
    }

    /// <summary>False when the segment was cut: nothing behind it belongs to the log any more.</summary>
    private bool LoadSegment(long baseOffset, long limit)
    {
        bool hadIndexes = store.HasIndexes(baseOffset);
        LogSegment segment = store.Open(baseOffset);
        _segments.Add(segment);
        bool isLast = limit == long.MaxValue;
        bool isTrusted = request.IsClean || limit <= request.RecoveryPoint;
        long size = segment.Log.File.Length;
        if (!isTrusted || !hadIndexes || !segment.Transactions.IsSound(baseOffset, limit))
        {
            segment.Transactions.Reset();
            _unindexed.Add(baseOffset);
        }
        if (isTrusted && hadIndexes && IndexChecks.HaveSaneTails(segment, limit, size))
        {
            if (!isLast)
            {
                Adopt(segment, limit, size);
                return true;
            }
        }
        else if (isTrusted)
        {
            home.Logger.LogWarning("Rebuilding the indexes of {Log}: missing or not fitting", segment.Log.File.Path);
            segment.Index.Clear();
            segment.TimeIndex.Clear();
        }
        return Scan(segment, limit, size, isTrusted);
    }

    private static void Adopt(LogSegment segment, long nextOffset, long size)
    {
        (segment.MaxTimestampMs, segment.MaxTimestampOffset) = segment.TimeIndex.Last;
        segment.IsSealedAndSynced = true;
        segment.Publish(nextOffset, size);
    }

    private bool Scan(LogSegment segment, long limit, long size, bool isTrusted)
    {
        bool isLast = limit == long.MaxValue;
        if (!isTrusted)
            IndexChecks.KeepTrustedEntries(segment, Math.Min(request.RecoveryPoint, limit), size);
        // A clean stop vouches for every byte: there a CRC is not worth the reading.
        long crcFrom = isTrusted ? long.MaxValue : request.RecoveryPoint;
        SegmentScanResult found = SegmentScan.Run(segment, config.IndexIntervalBytes, crcFrom, isTrusted ? null : _epochs);
        _scannedBytes += found.ScannedBytes;
        bool isWhole = found.Problem is null && found.NextOffset <= limit;
        if (!isWhole)
            Cut(segment, found, size);
        segment.Publish(isWhole && !isLast ? limit : found.NextOffset, found.SizeInBytes);
        segment.StoreIndexes(releaseBuffers: true);
        if (!isTrusted || !isWhole || !isLast)
        {
            segment.Log.File.FlushData();
            segment.FlushIndexes();
        }
        segment.IsSealedAndSynced = !isLast;
        return isWhole;
    }

    private void Cut(LogSegment segment, in SegmentScanResult found, long size)
    {
        string problem = found.Problem ?? "the segment reaches into the next one";
        if (found.NextOffset < request.RecoveryPoint || request.IsClean)
            throw new LogCorruptException(segment.Log.File.Path, found.SizeInBytes, problem);
        home.Logger.LogWarning(
            "Cutting {Log} at position {Position}, offset {Offset}, {Bytes} bytes: {Problem}",
            segment.Log.File.Path, found.SizeInBytes, found.NextOffset, size - found.SizeInBytes, problem);
        _cutBytes += size - found.SizeInBytes;
        segment.Log.File.Truncate(found.SizeInBytes);
    }

    private void DropSegmentsBehind(List<long> bases, int last)
    {
        // Newest first, so that a crash here leaves no hole.
        for (int i = bases.Count - 1; i > last; i--)
        {
            using (IFile file = store.Files.Open(store.PathOf(bases[i], SegmentNames.Log), FileOpenMode.Read))
                _cutBytes += file.Length;
            store.DeleteFiles(bases[i]);
        }
        store.SyncDirectory();
    }

    private LoadedLog Finish()
    {
        long end = _segments.Count > 0 ? _segments[^1].NextOffset : request.LogStartOffset;
        if (_segments.Count > 0 && end < request.RecoveryPoint)
            throw new LogCorruptException(_segments[^1].Log.File.Path, _segments[^1].SizeInBytes, "the file ends below its recovery point");
        if (_segments.Count == 0 || end < request.LogStartOffset)
            StartEmptyAt(request.LogStartOffset);
        end = _segments[^1].NextOffset;
        long start = Math.Max(request.LogStartOffset, _segments[0].BaseOffset);
        _epochs.TruncateFromEnd(end);
        _epochs.TruncateFromStart(start);
        LogSegment[] segments = [.. _segments];
        ProducerStateTable producers = new();
        _scannedBytes += ProducerReplay.Rebuild(store, segments, start, end, producers, request.IsClean, _unindexed);
        foreach (LogSegment segment in segments)
        {
            if (_unindexed.Contains(segment.BaseOffset))
                segment.Transactions.Flush();
        }
        store.SyncDirectory();
        if (_scannedBytes + _cutBytes > 0)
        {
            home.Logger.LogInformation(
                "Recovered {Partition}: offsets {Start} to {End}, {Scanned} bytes scanned, {Cut} bytes cut",
                partition, start, end, _scannedBytes, _cutBytes);
        }
        return new LoadedLog
        {
            Segments = segments,
            Epochs = _epochs,
            Producers = producers,
            LogStartOffset = start,
            LogEndOffset = end,
            ScannedBytes = _scannedBytes,
            CutBytes = _cutBytes,
        };
    }

    // Also when all that was left of the log was deleted by DeleteRecords before it was ever synced.
    private void StartEmptyAt(long offset)
    {
        foreach (LogSegment segment in _segments)
        {
            segment.Log.Dispose();
            store.DeleteFiles(segment.BaseOffset);
        }
        _segments.Clear();
        _segments.Add(store.Create(offset, config.Preallocate ? config.SegmentBytes : 0));
    }
}
