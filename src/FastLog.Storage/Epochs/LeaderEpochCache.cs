namespace FastLog.Storage;

/// <summary>
/// Which leader epoch each offset belongs to: entries rise in both fields. A pure table; the log writes it to
/// leader-epoch-checkpoint before its recovery point passes, and replays the batches beyond it after a crash.
/// Readers and the writer are kept apart by a lock of its own: lookups are rare and short.
/// </summary>
internal sealed class LeaderEpochCache
{
    private readonly Lock _lock = new();
    private readonly List<EpochEntry> _entries = [];
    private bool _isDirty;

    // Entries from here on are new. While no record lies behind them they can be forgotten: a leader assigns its epoch
    // anew, and a broker that starts with many idle logs has no table to write for any of them.
    private long _unstoredFrom = long.MaxValue;

    /// <summary>Whether the file must be written before records up to this end count as recoverable from it.</summary>
    public bool NeedsWriting(long logEndOffset)
    {
        lock (_lock)
            return _isDirty || _unstoredFrom < logEndOffset;
    }

    /// <summary>-1 when no epoch is known.</summary>
    public int LatestEpoch
    {
        get
        {
            lock (_lock)
                return _entries.Count == 0 ? -1 : _entries[^1].Epoch;
        }
    }

    /// <summary>An epoch starts at an offset; conflicting later entries make way. Known epochs change nothing.</summary>
    public void Assign(int epoch, long startOffset)
    {
        if (epoch < 0)
            return;
        lock (_lock)
        {
            if (_entries.Count > 0 && _entries[^1].Epoch == epoch && _entries[^1].StartOffset <= startOffset)
                return;
            while (_entries.Count > 0 && (_entries[^1].Epoch >= epoch || _entries[^1].StartOffset >= startOffset))
                RemoveLast();
            _entries.Add(new EpochEntry(epoch, startOffset));
            _unstoredFrom = Math.Min(_unstoredFrom, startOffset);
        }
    }

    /// <summary>The log was cut: entries at or beyond the end go.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        lock (_lock)
        {
            while (_entries.Count > 0 && _entries[^1].StartOffset >= endOffset)
                RemoveLast();
        }
    }

    /// <summary>The log starts later now: epochs that ended before go, the one in force starts at the new start.</summary>
    public void TruncateFromStart(long startOffset)
    {
        lock (_lock)
        {
            int floor = FloorByOffset(startOffset);
            if (floor < 0 || _entries[floor].StartOffset == startOffset && floor == 0)
                return;
            EpochEntry inForce = _entries[floor];
            _entries.RemoveRange(0, floor);
            _entries[0] = inForce with { StartOffset = startOffset };
            _isDirty = true;
        }
    }

    /// <summary>Semantics of OffsetForLeaderEpoch (KIP-101, KIP-320).</summary>
    public EpochEndOffset EndOffsetFor(int epoch, long logEndOffset)
    {
        lock (_lock)
        {
            if (epoch < 0 || _entries.Count == 0 || epoch > _entries[^1].Epoch)
                return EpochEndOffset.Undefined;
            if (epoch == _entries[^1].Epoch)
                return new EpochEndOffset(epoch, logEndOffset);
            int higher = FirstHigher(epoch);
            return higher == 0
                ? new EpochEndOffset(epoch, _entries[0].StartOffset)
                : new EpochEndOffset(_entries[higher - 1].Epoch, _entries[higher].StartOffset);
        }
    }

    /// <summary>The epoch an offset belongs to, -1 when not known.</summary>
    public int EpochOf(long offset)
    {
        lock (_lock)
        {
            int floor = FloorByOffset(offset);
            return floor < 0 ? -1 : _entries[floor].Epoch;
        }
    }

    /// <summary>All entries.</summary>
    public EpochEntry[] ToArray()
    {
        lock (_lock)
            return [.. _entries];
    }

    /// <summary>All entries, taken to be written: from now on they count as stored.</summary>
    public EpochEntry[] TakeForWriting()
    {
        lock (_lock)
        {
            SetStored();
            return [.. _entries];
        }
    }

    /// <summary>The entries are those of the file.</summary>
    public void MarkStored()
    {
        lock (_lock)
            SetStored();
    }

    /// <summary>The write failed: it is still to be written.</summary>
    public void MarkDirty()
    {
        lock (_lock)
            _isDirty = true;
    }

    private void SetStored() => (_isDirty, _unstoredFrom) = (false, long.MaxValue);

    private void RemoveLast()
    {
        _isDirty |= _entries[^1].StartOffset < _unstoredFrom;
        _entries.RemoveAt(_entries.Count - 1);
    }

    private int FloorByOffset(long offset)
    {
        int index = _entries.Count - 1;
        while (index >= 0 && _entries[index].StartOffset > offset)
            index--;
        return index;
    }

    private int FirstHigher(int epoch)
    {
        int index = 0;
        while (_entries[index].Epoch <= epoch)
            index++;
        return index;
    }
}
