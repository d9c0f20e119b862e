using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace FastLog.Storage;

/// <summary>
/// The .txnindex file of one segment: the aborted transactions whose markers lie in it. The file is made with the first
/// entry and opened at first use. An entry that a full disk has no room for waits in memory: to read_committed consumers
/// a missing one shows what was aborted. Safe for one writer and many readers; they hold the segment's file.
/// </summary>
internal sealed class TransactionIndex(SegmentFile owner, SegmentStore store) : IDisposable
{
    private const int EntriesPerRead = 120;

    private readonly Lock _lock = new();
    private readonly List<AbortedTransactionEntry> _waiting = [];
    private IFile? _file;
    private int _stored;
    private bool _isLookedUp;
    private bool _isDirty;

    private string Path => owner.PathOf(SegmentNames.TransactionIndex);

    public int Count
    {
        get
        {
            lock (_lock)
                return CountStored() + _waiting.Count;
        }
    }

    /// <summary>Adds the transaction whose ABORT marker was just appended.</summary>
    public void Append(in AbortedTransactionEntry entry)
    {
        lock (_lock)
        {
            _waiting.Add(entry);
            try
            {
                StoreWaiting();
            }
            catch (DiskException failure) when (failure.IsOutOfSpace)
            {
                // Tried again with the next entry, and before the segment is sealed or closed.
            }
        }
    }

    /// <summary>Adds the transactions that reach into a range of offsets.</summary>
    /// <returns>True when no later segment can hold another one.</returns>
    public bool Collect(long fromOffset, long upperBoundOffset, List<AbortedTransactionEntry> found)
    {
        lock (_lock)
        {
            int count = CountStored();
            Span<byte> bytes = stackalloc byte[EntriesPerRead * AbortedTransactionEntry.SizeBytes];
            for (int i = FirstEndingAtOrBeyond(fromOffset, count); i < count;)
            {
                int batch = Math.Min(EntriesPerRead, count - i);
                Span<byte> read = bytes[..(batch * AbortedTransactionEntry.SizeBytes)];
                ReadExactly(i, read);
                for (; !read.IsEmpty; read = read[AbortedTransactionEntry.SizeBytes..], i++)
                {
                    if (AddIfWithin(Parse(read), fromOffset, upperBoundOffset, found))
                        return true;
                }
            }
            foreach (AbortedTransactionEntry entry in _waiting)
            {
                if (AddIfWithin(entry, fromOffset, upperBoundOffset, found))
                    return true;
            }
            return false;
        }
    }

    /// <summary>Drops the entries whose markers lie at or beyond an offset.</summary>
    public void TruncateTo(long offset)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(entry => entry.LastOffset >= offset);
            int count = CountStored();
            int kept = FirstEndingAtOrBeyond(offset, count);
            if (kept == count)
                return;
            if (kept == 0)
            {
                DropFile();
                return;
            }
            _file!.Truncate((long)kept * AbortedTransactionEntry.SizeBytes);
            _stored = kept;
            _isDirty = true;
        }
    }

    /// <summary>Drops everything, to be filled again.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _waiting.Clear();
            DropFile();
        }
    }

    /// <summary>Makes the file, empty, although there is no entry.</summary>
    public void MakeFile()
    {
        lock (_lock)
        {
            DropFile();
            _file = store.OpenFile(Path, isIndex: true);
            owner.NoteOpened();
        }
    }

    /// <summary>Whether all entries are ones that a broker wrote for a segment of these offsets.</summary>
    public bool IsSound(long baseOffset, long limit)
    {
        lock (_lock)
        {
            int count = CountStored();
            if (_file is not null && _file.Length != (long)count * AbortedTransactionEntry.SizeBytes)
                return false;
            long before = baseOffset - 1;
            Span<byte> bytes = stackalloc byte[AbortedTransactionEntry.SizeBytes];
            for (int i = 0; i < count; i++)
            {
                ReadExactly(i, bytes);
                if (!AbortedTransactionEntry.TryRead(bytes, out AbortedTransactionEntry entry)
                    || entry.LastOffset <= before
                    || entry.LastOffset >= limit)
                    return false;
                before = entry.LastOffset;
            }
            return true;
        }
    }

    /// <summary>Hands waiting entries to the file.</summary>
    /// <exception cref="DiskException">Also when the disk is full; the entries wait on.</exception>
    public void Store()
    {
        lock (_lock)
            StoreWaiting();
    }

    /// <summary>Makes all entries survive a crash.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            // Taken out of the log meanwhile: nobody looks for it any more.
            if (owner.IsRetired)
                return;
            StoreWaiting();
            if (_isDirty && LookUp())
                _file.FlushData();
            _isDirty = false;
        }
    }

    /// <summary>Makes sure that the file is open, if there is one, as long as the caller's reference lasts.</summary>
    public void EnsureOpen()
    {
        lock (_lock)
            LookUp();
    }

    /// <summary>Closes the file; the next use opens it again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file?.Dispose();
            _file = null;
            _isLookedUp &= _stored == 0;
        }
    }

    private static bool AddIfWithin(
        in AbortedTransactionEntry entry, long fromOffset, long upperBoundOffset, List<AbortedTransactionEntry> found)
    {
        if (entry.LastOffset >= fromOffset && entry.FirstOffset < upperBoundOffset)
            found.Add(entry);
        return entry.LastStableOffset >= upperBoundOffset;
    }

    private AbortedTransactionEntry Parse(ReadOnlySpan<byte> bytes) =>
        AbortedTransactionEntry.TryRead(bytes, out AbortedTransactionEntry entry)
            ? entry
            : throw new DiskException("pread", Path, DiskException.InputOutputError);

    private int FirstEndingAtOrBeyond(long offset, int count)
    {
        Span<byte> bytes = stackalloc byte[AbortedTransactionEntry.SizeBytes];
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = low + (high - low) / 2;
            ReadExactly(middle, bytes);
            if (Parse(bytes).LastOffset < offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private void ReadExactly(int index, Span<byte> bytes)
    {
        if (_file!.Read((long)index * AbortedTransactionEntry.SizeBytes, bytes) < bytes.Length)
            throw new DiskException("pread", Path, DiskException.InputOutputError);
    }

    /// <summary>Looks for the file once; most segments have none.</summary>
    [MemberNotNullWhen(true, nameof(_file))]
    private bool LookUp()
    {
        if (_isLookedUp)
            return _file is not null;
        lock (owner.OpenLock)
        {
            // Once the log let go of the segment the name may be another's.
            if (owner.IsRetired)
                throw new DiskException("open", Path, DiskException.NoSuchFile);
            if (store.Files.FileExists(Path))
                _file = store.OpenFile(Path, isIndex: true);
        }
        _stored = _file is null ? 0 : (int)(_file.Length / AbortedTransactionEntry.SizeBytes);
        _isLookedUp = true;
        if (_file is not null)
            owner.NoteOpened();
        return _file is not null;
    }

    private void DropFile()
    {
        _file?.Dispose();
        _file = null;
        store.Files.DeleteFile(Path);
        _stored = 0;
        _isLookedUp = true;
        _isDirty = false;
    }

    private int CountStored() => LookUp() ? _stored : 0;

    private void StoreWaiting()
    {
        if (_waiting.Count == 0)
            return;
        if (!LookUp())
        {
            _file = store.OpenFile(Path, isIndex: true);
            owner.NoteOpened();
        }
        byte[] bytes = new byte[_waiting.Count * AbortedTransactionEntry.SizeBytes];
        Span<byte> rest = bytes;
        foreach (ref readonly AbortedTransactionEntry entry in CollectionsMarshal.AsSpan(_waiting))
        {
            entry.WriteTo(rest);
            rest = rest[AbortedTransactionEntry.SizeBytes..];
        }
        // Written over from the last whole entry on, so that a write that was cut short leaves no trace.
        _file.Write((long)_stored * AbortedTransactionEntry.SizeBytes, bytes);
        _stored += _waiting.Count;
        _waiting.Clear();
        _isDirty = true;
    }
}
