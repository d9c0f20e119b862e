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

    /// <summary>Changed since <see cref="TakeForWriting"/> was last called.</summary>
    public bool IsDirty { get; private set; }

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
                _entries.RemoveAt(_entries.Count - 1);
            _entries.Add(new EpochEntry(epoch, startOffset));
            IsDirty = true;
        }
    }

    /// <summary>The log was cut: entries at or beyond the end go.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        lock (_lock)
        {
            while (_entries.Count > 0 && _entries[^1].StartOffset >= endOffset)
            {
                _entries.RemoveAt(_entries.Count - 1);
                IsDirty = true;
            }
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
            IsDirty = true;
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

    /// <summary>All entries, taken to be written; clears <see cref="IsDirty"/>.</summary>
    public EpochEntry[] TakeForWriting()
    {
        lock (_lock)
        {
            IsDirty = false;
            return [.. _entries];
        }
    }

    /// <summary>The entries are those of the file.</summary>
    public void MarkStored()
    {
        lock (_lock)
            IsDirty = false;
    }

    /// <summary>The write failed: it is still to be written.</summary>
    public void MarkDirty()
    {
        lock (_lock)
            IsDirty = true;
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
