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
    private bool _isChanged;

    public LoadedLog Load()
    {
        try
        {
            return LoadAll();
        }
        catch
        {
            _segments.ForEach(segment => segment.Log.Retire());
            throw;
        }
    }

    private LoadedLog LoadAll()
    {
        HashSet<string> names = LeftoverFiles.PutRight(store, out _isChanged);
        LoadEpochs(names);
        List<long> bases = FindSegments(names);
        for (int i = 0; i < bases.Count; i++)
        {
            long limit = i + 1 < bases.Count ? bases[i + 1] : long.MaxValue;
            if (!LoadSegment(bases[i], limit, names))
            {
                DropSegmentsBehind(bases, i);
                break;
            }
        }
        return Finish(names);
    }

    private List<long> FindSegments(HashSet<string> names)
    {
        List<long> bases = [];
        foreach (string name in names)
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
            names.Remove(SegmentNames.Of(bases[0], SegmentNames.Snapshot));
            bases.RemoveAt(0);
            _isChanged = true;
        }
        return bases;
    }

    private void LoadEpochs(HashSet<string> names)
    {
        if (!names.Contains(LeaderEpochFile.Name))
            return;
        foreach (EpochEntry entry in new LeaderEpochFile(store.Files, store.Directory).Read())
        {
            // What lies beyond the recovery point tells its epochs itself, and the file may be older than a cut.
            if (request.IsClean || entry.StartOffset < request.RecoveryPoint)
                _epochs.Assign(entry.Epoch, entry.StartOffset);
            else
                _isChanged = true;
        }
        if (request.IsClean)
            _epochs.MarkStored();
    }

    /// <summary>False when the segment was cut: nothing behind it belongs to the log any more.</summary>
    private bool LoadSegment(long baseOffset, long limit, HashSet<string> names)
    {
        LogSegment segment = store.Find(baseOffset);
        _segments.Add(segment);
        bool isLast = limit == long.MaxValue;
        bool isTrusted = request.IsClean || limit <= request.RecoveryPoint;
        long size = store.SizeOf(baseOffset);
        Invariant.Check(size <= int.MaxValue, "a segment's size fits its index");
        bool hasIndexes = names.Contains(SegmentNames.Of(baseOffset, SegmentNames.Index))
            && names.Contains(SegmentNames.Of(baseOffset, SegmentNames.TimeIndex));
        // A roll syncs the log file; the indexes' last entries are synced by the flush after it, which moves the point on.
        bool areIndexesSynced = hasIndexes && (request.IsClean || limit < request.RecoveryPoint);
        LookAtTransactions(segment, limit, areIndexesSynced, names);
        if (isTrusted && ((areIndexesSynced && !isLast) || size == 0))
        {
            // Nothing of it is opened before somebody wants to read it, or write to it.
            segment.IsSealedAndSynced = !isLast;
            segment.Publish(isLast ? baseOffset : EndOf(segment, limit), size);
            segment.SoundFrom = (int)size;
            return true;
        }
        using SegmentFile held = segment.Log.Acquire();
        if (isTrusted && !(hasIndexes && IndexChecks.HaveSaneTails(segment, limit, size)))
        {
            home.Logger.LogWarning("Rebuilding the indexes of {Log}: missing or not fitting", segment.Log.File.Path);
            segment.Index.Clear();
            segment.TimeIndex.Clear();
        }
        return Scan(segment, limit, size, isTrusted);
    }

    // Up to the next segment's base, unless a replica of a compacted log has a gap there wider than a segment can be.
    private static long EndOf(LogSegment segment, long limit) => Math.Min(limit, segment.BaseOffset + 1L + int.MaxValue);

    // Its entries are no more to be trusted than the other indexes. Filled again when the producers are replayed.
    private void LookAtTransactions(LogSegment segment, long limit, bool isTrusted, HashSet<string> names)
    {
        bool exists = names.Contains(SegmentNames.Of(segment.BaseOffset, SegmentNames.TransactionIndex));
        using SegmentFile held = segment.Log.Acquire();
        if (isTrusted && (!exists || segment.Transactions.IsSound(segment.BaseOffset, limit)))
            return;
        if (isTrusted)
            home.Logger.LogWarning("Rebuilding the transaction index of {Log}: it does not fit", segment.Log.File.Path);
        if (exists)
            segment.Transactions.Reset();
        _unindexed.Add(segment.BaseOffset);
        _isChanged |= exists;
    }

    private void FlushTransactions()
    {
        foreach (LogSegment segment in _segments)
        {
            if (!_unindexed.Contains(segment.BaseOffset))
                continue;
            using SegmentFile held = segment.Log.Acquire();
            segment.Transactions.Flush();
        }
    }

    private bool Scan(LogSegment segment, long limit, long size, bool isTrusted)
    {
        bool isLast = limit == long.MaxValue;
        if (!isTrusted)
            IndexChecks.KeepTrustedEntries(segment, Math.Min(request.RecoveryPoint, limit), size);
        // A clean stop vouches for every byte: there a CRC is not worth the reading.
        long crcFrom = isTrusted ? long.MaxValue : request.RecoveryPoint;
        SegmentScanResult found = SegmentScan.Run(segment, size, config.IndexIntervalBytes, crcFrom, isTrusted ? null : _epochs);
        _scannedBytes += found.ScannedBytes;
        // A clean stop noted where the log ended. When its last header says otherwise, the CRCs decide.
        if (request.IsClean && isLast && found.Problem is null && found.NextOffset != request.RecoveryPoint)
            found = SegmentScan.Run(segment, size, config.IndexIntervalBytes, crcFromOffset: 0, epochs: null);
        bool isWhole = found.Problem is null && found.NextOffset <= limit;
        if (!isWhole && IsDurableAt(found.NextOffset))
        {
            if (isLast)
                throw new LogCorruptException(segment.Log.File.Path, found.SizeInBytes, ProblemOf(found));
            KeepDamaged(segment, limit, size, found);
            return true;
        }
        if (!isWhole)
            Cut(segment, found, size);
        segment.Publish(isWhole && !isLast ? EndOf(segment, limit) : found.NextOffset, found.SizeInBytes);
        segment.SoundFrom = (int)found.CheckedFrom;
        segment.IsReady = true;
        segment.StoreIndexes(releaseBuffers: true);
        if (!isTrusted || !isWhole || !isLast)
        {
            // An empty file was not opened to be walked; that it is empty may be what was not synced.
            segment.Log.EnsureOpen();
            segment.Log.File.FlushData();
            segment.FlushIndexes();
            _isChanged = true;
        }
        segment.IsSealedAndSynced = !isLast;
        return isWhole;
    }

    private bool IsDurableAt(long offset) => request.IsClean || offset < request.RecoveryPoint;

    private static string ProblemOf(in SegmentScanResult found) => found.Problem ?? "the segment reaches into the next one";

    /// <summary>
    /// Old data is damaged, and where the log ends is known all the same: nothing is cut, and whoever reads there is told.
    /// </summary>
    private void KeepDamaged(LogSegment segment, long limit, long size, in SegmentScanResult found)
    {
        home.Logger.LogError(
            "Damage in {Log} at position {Position}, offset {Offset}: {Problem}",
            segment.Log.File.Path, found.SizeInBytes, found.NextOffset, ProblemOf(found));
        segment.IsNewDamage((int)found.SizeInBytes);
        segment.Publish(EndOf(segment, limit), size);
        segment.SoundFrom = (int)size;
        segment.IsReady = true;
        segment.StoreIndexes(releaseBuffers: true);
        segment.Log.File.FlushData();
        segment.FlushIndexes();
        segment.IsSealedAndSynced = true;
        _isChanged = true;
    }

    private void Cut(LogSegment segment, in SegmentScanResult found, long size)
    {
        if (IsZeroFrom(segment.Log.File, found.SizeInBytes, size))
        {
            home.Logger.LogInformation(
                "Taking {Bytes} bytes off {Log} that were reserved and never written", size - found.SizeInBytes, segment.Log.File.Path);
        }
        else
        {
            home.Logger.LogWarning(
                "Cutting {Log} at position {Position}, offset {Offset}, {Bytes} bytes: {Problem}",
                segment.Log.File.Path, found.SizeInBytes, found.NextOffset, size - found.SizeInBytes, ProblemOf(found));
        }
        _cutBytes += size - found.SizeInBytes;
        segment.Log.File.Truncate(found.SizeInBytes);
    }

    private static bool IsZeroFrom(IFile file, long position, long end)
    {
        Span<byte> window = stackalloc byte[BatchScanner.WindowBytes];
        while (position < end)
        {
            int read = file.Read(position, window[..(int)Math.Min(window.Length, end - position)]);
            if (read == 0 || window[..read].ContainsAnyExcept((byte)0))
                return false;
            position += read;
        }
        return true;
    }

    private void DropSegmentsBehind(List<long> bases, int last)
    {
        // Newest first, so that a crash here leaves no hole.
        for (int i = bases.Count - 1; i > last; i--)
        {
            _cutBytes += store.SizeOf(bases[i]);
            store.DeleteFiles(bases[i]);
        }
        store.SyncDirectory();
    }

    private LoadedLog Finish(HashSet<string> names)
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
        _scannedBytes += ProducerReplay.Rebuild(
            store, names, segments, start, end, producers, MakeReady, request.IsClean, _unindexed);
        FlushTransactions();
        if (_isChanged)
            store.SyncDirectory();
        foreach (LogSegment segment in segments)
            store.OpenFiles.Close(segment.Log);
        if (_scannedBytes + _cutBytes > 0)
        {
            // One line for each log that lost bytes; of thousands that did not, the directory tells how many they are.
            home.Logger.Log(
                _cutBytes > 0 ? LogLevel.Information : LogLevel.Debug,
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
            IsStored = request.IsClean && !_isChanged && names.Contains(SegmentNames.Of(end, SegmentNames.Snapshot)),
            ScannedBytes = _scannedBytes,
            CutBytes = _cutBytes,
        };
    }

    private void MakeReady(LogSegment segment) => SegmentReadying.MakeReady(segment, config.IndexIntervalBytes, home.Logger);

    // Also when all that was left of the log was deleted by DeleteRecords before it was ever synced.
    private void StartEmptyAt(long offset)
    {
        // Out of the list first: if the disk fails here, what is in it is let go of once more.
        LogSegment[] old = [.. _segments];
        _segments.Clear();
        foreach (LogSegment segment in old)
            segment.Log.Retire();
        foreach (LogSegment segment in old)
            store.DeleteFiles(segment.BaseOffset);
        _isChanged = true;
        _segments.Add(store.Create(offset, config.Preallocate ? config.SegmentBytes : 0));
    }
}
