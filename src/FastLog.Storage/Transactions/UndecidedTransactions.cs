namespace FastLog.Storage;

/// <summary>
/// The transactions of one log that hold back its last stable offset: those still open, and those whose marker is in
/// the log but not below the high watermark. Pure. Changed under the log's lock; <see cref="IsEmpty"/> may be read
/// without.
/// </summary>
internal sealed class UndecidedTransactions
{
    private readonly SortedSet<long> _open = [];
    private readonly Queue<(long FirstOffset, long MarkerOffset)> _ended = new();
    private int _count;

    /// <summary>No transaction holds anything back.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>First offset of the oldest open transaction; <see cref="ProducerState.NoTransaction"/> when none is open.</summary>
    public long FirstOpenOffset => _open.Count == 0 ? ProducerState.NoTransaction : _open.Min;

    public void Open(long firstOffset)
    {
        _open.Add(firstOffset);
        Count();
    }

    /// <summary>A marker was appended. Markers come in the order of their offsets.</summary>
    public void End(long firstOffset, long markerOffset)
    {
        _open.Remove(firstOffset);
        _ended.Enqueue((firstOffset, markerOffset));
        Count();
    }

    /// <summary>The last stable offset for a high watermark, which never goes back: what is decided below it is forgotten.</summary>
    public long LastStableOffset(long highWatermark)
    {
        while (_ended.TryPeek(out (long FirstOffset, long MarkerOffset) oldest) && oldest.MarkerOffset < highWatermark)
            _ended.Dequeue();
        Count();
        long stable = highWatermark;
        if (_open.Count > 0)
            stable = Math.Min(stable, _open.Min);
        foreach ((long firstOffset, _) in _ended)
            stable = Math.Min(stable, firstOffset);
        return stable;
    }

    public void Clear()
    {
        _open.Clear();
        _ended.Clear();
        Count();
    }

    private void Count() => Volatile.Write(ref _count, _open.Count + _ended.Count);
}
