using System.Buffers;

namespace FastLog.Storage;

/// <summary>
/// A file that stands for many. A round of the flusher that has bytes of many logs to make durable, or little of one,
/// copies them here, one after the other, and syncs this file once; the logs' own files are synced later, and only then
/// is the place used again. After a crash <see cref="JournalReplay"/> puts the bytes where they belong before any log is opened.
/// <para>Two halves: while one is written, the logs of the other catch up. When both are in use the caller syncs file
/// by file. An entry is about the newest segment of its log only; older ones were synced before the next had a name.</para>
/// <para>Lock order: a log's lock, then this one. A log that is cut asks for <see cref="Forget"/> under its own lock,
/// after it has counted the cut: an entry written before that is forgotten, and none is written after it.</para>
/// </summary>
internal sealed class CommitJournal(IFileSystem files, string directory, int halfBytes) : IDisposable
{
    public const string FileName = "commit-journal";

    private const int BufferBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<PartitionLog>[] _logs = [[], []];
    private readonly long[] _firstSequences = [0, 0];
    private IFile? _file;
    private byte[] _buffer = [];
    private long _generation;
    private long _sequence = 1;
    private int _half;
    private int _usedBytes;
    private bool _otherIsFree = true;

    /// <summary>The most bytes of one log that go through the journal: of more, a sync of its own costs no more.</summary>
    public static int DataBytesMax => 128 * 1024;

    public string FilePath { get; } = Path.Combine(directory, FileName);

    /// <summary>Told when a half is full: its logs are to be synced, then <see cref="Free"/> is to be called with the number.</summary>
    public Action<long, PartitionLog[]>? OnHalfFull { get; set; }

    /// <summary>Takes an existing file over; whatever is in it counts no more. Without one, the first use makes it.</summary>
    public void Open()
    {
        if (!files.FileExists(FilePath))
            return;
        lock (_lock)
        {
            _file = files.Open(FilePath, FileOpenMode.ReadWrite);
            _generation = JournalHeader.Read(_file)?.Generation ?? 0;
            StartGeneration();
        }
    }

    /// <summary>Makes all of them durable by one sync. False when there is no room: then nothing is promised.</summary>
    /// <exception cref="DiskException">The sync failed, or one of a log's file had failed before.</exception>
    public bool TryCommit(Span<PendingFlush> flushes)
    {
        lock (_lock)
        {
            try
            {
                if (!TryMakeRoom(SizeOf(flushes)))
                    return false;
                WriteAll(flushes);
            }
            catch (DiskException failure) when (failure.IsOutOfSpace)
            {
                // What is half written is overwritten by the next round, and not taken for its: the sequence has moved.
                foreach (ref PendingFlush flush in flushes)
                    flush.IsCommitted = false;
                return false;
            }
            _file!.FlushData();
            return true;
        }
    }

    /// <summary>What was written of the log is void: it is about to be cut. First its files are synced, for what stays of it.</summary>
    /// <exception cref="DiskException">A sync failed.</exception>
    public void Forget(PartitionLog log)
    {
        lock (_lock)
        {
            if (!IsLive(log))
                return;
            log.SyncFiles();
            if (!TryWriteForget(log))
                Restart();
            log.JournaledSequence = 0;
        }
    }

    /// <summary>The logs of a full half have caught up; it may be written again.</summary>
    public void Free(long firstSequence)
    {
        lock (_lock)
        {
            // Unless all was restarted meanwhile, and the half of that number is no more.
            if (firstSequence == _firstSequences[1 - _half])
                _otherIsFree = true;
        }
    }

    /// <summary>All logs are synced in their own files: nothing in here is needed any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_file is not null)
                StartGeneration();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
        }
    }

    /// <summary>Where in the file the next entry goes.</summary>
    internal long Position => StartOf(_half) + _usedBytes;

    private long StartOf(int half) => JournalHeader.BlockBytes + (long)half * halfBytes;

    // The older of the halves still on disk tells which entries could be replayed.
    private bool IsLive(PartitionLog log) =>
        _file is not null && log.JournaledSequence >= Math.Max(1, Math.Min(_firstSequences[0], _firstSequences[1]));

    private static long SizeOf(ReadOnlySpan<PendingFlush> flushes)
    {
        long size = 0;
        foreach (ref readonly PendingFlush flush in flushes)
            size += JournalEntry.SizeOf(JournalEntry.NameBytesMax, flush.SizeInBytes);
        return size;
    }

    private bool TryMakeRoom(long sizeBytes)
    {
        if (sizeBytes > halfBytes)
            return false;
        if (_file is null)
            Create();
        if (_usedBytes + sizeBytes <= halfBytes)
            return true;
        if (!_otherIsFree || sizeBytes > halfBytes - JournalEntry.SizeOf(0, 0))
            return false;
        SwitchHalves();
        return true;
    }

    // A crash may tear the first write and leave entries of the time before, and not the ones behind them that say which
    // of them are void. So they all go at once, before anything else is written there.
    private void SwitchHalves()
    {
        int next = 1 - _half;
        Span<byte> start = stackalloc byte[JournalEntry.SizeOf(0, 0)];
        new JournalEntry(_generation, _sequence, JournalEntryKind.Start, Guid.Empty, 0, 0).Begin(start, "", 0);
        JournalEntry.Complete(start);
        _file!.Write(StartOf(next), start);
        _file.FlushData();
        int full = _half;
        _half = next;
        _usedBytes = start.Length;
        _firstSequences[next] = _sequence++;
        _logs[next].Clear();
        _otherIsFree = false;
        OnHalfFull?.Invoke(_firstSequences[full], [.. _logs[full]]);
    }

    private void Create()
    {
        IFile file = files.Open(FilePath, FileOpenMode.CreateOrTruncate);
        try
        {
            long length = JournalHeader.BlockBytes + 2L * halfBytes;
            file.Allocate(length);
            file.Truncate(length);
            _file = file;
            // Twice, so that from here on both places of the header are taken.
            StartGeneration();
            StartGeneration();
            files.SyncDirectory(directory);
        }
        catch (DiskException)
        {
            _file = null;
            file.Dispose();
            throw;
        }
    }

    private void StartGeneration()
    {
        new JournalHeader(++_generation, halfBytes).Write(_file!);
        _half = 0;
        _usedBytes = 0;
        _otherIsFree = true;
        _firstSequences.AsSpan().Fill(_sequence);
        _logs[0].Clear();
        _logs[1].Clear();
    }

    private bool TryWriteForget(PartitionLog log)
    {
        ReadOnlySpan<char> name = Path.GetFileName(log.DirectoryPath.AsSpan());
        Span<byte> bytes = stackalloc byte[JournalEntry.SizeOf(JournalEntry.NameBytesMax, 0)];
        Span<byte> entry = bytes[..JournalEntry.SizeOf(name.Length, 0)];
        try
        {
            if (!TryMakeRoom(entry.Length))
                return false;
            new JournalEntry(_generation, _sequence++, JournalEntryKind.Forget, log.TopicId, 0, 0).Begin(entry, name, 0);
            JournalEntry.Complete(entry);
            _file!.Write(Position, entry);
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            return false;
        }
        _usedBytes += entry.Length;
        _file.FlushData();
        return true;
    }

    // Nothing here but the header is written, so it needs no room: every log that counts on an entry is synced instead.
    private void Restart()
    {
        foreach (List<PartitionLog> logs in _logs)
        {
            foreach (PartitionLog log in logs)
                log.SyncFiles();
        }
        StartGeneration();
    }

    private void WriteAll(Span<PendingFlush> flushes)
    {
        if (_buffer.Length == 0)
            _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
        long position = Position;
        int filled = 0;
        foreach (ref PendingFlush flush in flushes)
        {
            ReadOnlySpan<char> name = Path.GetFileName(flush.Log.DirectoryPath.AsSpan());
            int size = JournalEntry.SizeOf(name.Length, flush.SizeInBytes);
            if (filled + size > _buffer.Length)
            {
                _file!.Write(position, _buffer.AsSpan(0, filled));
                position += filled;
                filled = 0;
            }
            if (!TryCopy(ref flush, name, _buffer.AsSpan(filled, size)))
                continue;
            filled += size;
            flush.IsCommitted = true;
        }
        _file!.Write(position, _buffer.AsSpan(0, filled));
        _usedBytes = (int)(position + filled - StartOf(_half));
    }

    private bool TryCopy(ref PendingFlush flush, ReadOnlySpan<char> name, Span<byte> entry)
    {
        PartitionLog log = flush.Log;
        LogSegment segment = flush.Segments[^1];
        // Cut since: its bytes may be others now. Counted before Forget asks for the lock that is held here.
        if (log.CutsCount != flush.CutsCount || !segment.Log.TryAcquire())
            return false;
        try
        {
            JournalEntry head = new(_generation, _sequence, JournalEntryKind.Data, log.TopicId, segment.BaseOffset, flush.FromPosition);
            Span<byte> data = head.Begin(entry, name, flush.SizeInBytes);
            if (segment.Log.File.Read(flush.FromPosition, data) < data.Length)
                throw new DiskException("pread", segment.Log.File.Path, DiskException.InputOutputError);
            // After the read. Whoever saw a sync fail may not have had the time to take the directory offline, and an entry
            // would vouch for bytes that the kernel perhaps dropped.
            segment.Log.ThrowIfSyncFailed();
        }
        catch (DiskException) when (log.IsClosed)
        {
            // Deleted, and nobody waits for it any more.
            return false;
        }
        finally
        {
            segment.Log.Dispose();
        }
        JournalEntry.Complete(entry);
        if (log.JournaledSequence < _firstSequences[_half])
            _logs[_half].Add(log);
        log.JournaledSequence = _sequence++;
        return true;
    }
}
