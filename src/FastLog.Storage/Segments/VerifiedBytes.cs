namespace FastLog.Storage;

/// <summary>
/// Which bytes of a segment's file are known to be sound: those this process wrote or checked. A few intervals that grow
/// and merge, so a reader that goes through a segment leaves one; when there would be more, the smallest is forgotten and
/// checked again some day. Safe for many readers.
/// </summary>
/// <param name="soundFrom">All at or beyond it is sound: what was there before this process was ends there.</param>
internal sealed class VerifiedBytes(int soundFrom)
{
    private const int IntervalsMax = 16;

    private readonly Lock _lock = new();
    private (int Start, int End)[] _intervals = [];
    private int _count;
    private int _soundFrom = soundFrom;

    /// <summary>All below it was there before and is not known to be sound; 0 when all is.</summary>
    public int SoundFrom => Volatile.Read(ref _soundFrom);

    public bool Contains(int start, int end)
    {
        if (start >= SoundFrom)
            return true;
        lock (_lock)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_intervals[i].Start <= start && end <= _intervals[i].End)
                    return true;
            }
            return start >= _soundFrom;
        }
    }

    public void Add(int start, int end)
    {
        if (start >= end)
            return;
        lock (_lock)
        {
            for (int i = _count - 1; i >= 0; i--)
            {
                (int Start, int End) other = _intervals[i];
                if (other.Start > end || start > other.End)
                    continue;
                (start, end) = (Math.Min(start, other.Start), Math.Max(end, other.End));
                _intervals[i] = _intervals[--_count];
            }
            if (end >= _soundFrom)
                JoinEnd(start);
            else
                Insert(start, end);
        }
    }

    private void JoinEnd(int start)
    {
        Volatile.Write(ref _soundFrom, Math.Min(_soundFrom, start));
        if (_soundFrom == 0)
            (_intervals, _count) = ([], 0);
    }

    private void Insert(int start, int end)
    {
        if (_intervals.Length == 0)
            _intervals = new (int, int)[IntervalsMax];
        int slot = _count;
        if (_count == IntervalsMax)
        {
            slot = Smallest();
            if (_intervals[slot].End - _intervals[slot].Start > end - start)
                return;
        }
        else
        {
            _count++;
        }
        _intervals[slot] = (start, end);
    }

    private int Smallest()
    {
        int smallest = 0;
        for (int i = 1; i < _count; i++)
        {
            if (_intervals[i].End - _intervals[i].Start < _intervals[smallest].End - _intervals[smallest].Start)
                smallest = i;
        }
        return smallest;
    }
}
