namespace FastLog.Cluster;

/// <summary>
/// Waiters in order of the offset they wait for; those of one offset in order of arrival. A ring that grows and is
/// kept, so that a steady load allocates nothing. Offsets come nearly sorted (appends are), which makes the insertion
/// from the tail end cheap. Not thread-safe: <see cref="OffsetWaiters"/> locks.
/// </summary>
internal sealed class OffsetWaiterRing
{
    private const int InitialCapacity = 4;

    private Entry[] _entries = [];
    private int _head;
    private int _count;

    public int Count => _count;

    /// <summary>The lowest offset waited for; only when there are waiters.</summary>
    public long FirstEndOffset
    {
        get
        {
            Invariant.Check(_count > 0, "an empty ring has no first offset");
            return _entries[_head].EndOffset;
        }
    }

    public void Add(IOffsetWaiter waiter, long endOffset)
    {
        if (_count == _entries.Length)
        {
            Grow();
        }
        var place = _count;
        while (place > 0 && At(place - 1).EndOffset > endOffset)
        {
            At(place) = At(place - 1);
            place--;
        }
        At(place) = new Entry(waiter, endOffset);
        _count++;
    }

    public IOffsetWaiter TakeFirst()
    {
        Invariant.Check(_count > 0, "an empty ring has no first waiter");
        var waiter = _entries[_head].Waiter;
        _entries[_head] = default;
        _head = (_head + 1) & (_entries.Length - 1);
        _count--;
        return waiter;
    }

    /// <summary>Takes out every registration of the waiter; how many there were.</summary>
    public int Remove(IOffsetWaiter waiter)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!ReferenceEquals(At(i).Waiter, waiter))
            {
                if (kept != i)
                {
                    At(kept) = At(i);
                }
                kept++;
            }
        }
        for (var i = kept; i < _count; i++)
        {
            At(i) = default;
        }
        var removed = _count - kept;
        _count = kept;
        return removed;
    }

    private ref Entry At(int place) => ref _entries[(_head + place) & (_entries.Length - 1)];

    private void Grow()
    {
        // The capacity stays a power of two, so that a place wraps by masking.
        var larger = new Entry[_entries.Length == 0 ? InitialCapacity : _entries.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = At(i);
        }
        _entries = larger;
        _head = 0;
    }

    private readonly record struct Entry(IOffsetWaiter Waiter, long EndOffset);
}
