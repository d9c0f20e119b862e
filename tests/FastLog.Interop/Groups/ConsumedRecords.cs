namespace FastLog.Interop.Groups;

/// <summary>What all members of a group read, held against what the broker acknowledged to the writer.</summary>
internal sealed class ConsumedRecords
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(int Partition, long Offset), (string Value, int Times)> _records = [];
    private readonly Dictionary<(string Stint, int Partition), long> _last = [];
    private readonly List<string> _backwards = [];
    private readonly List<string> _changed = [];

    /// <summary>Different records read so far.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>Records that were read more than once, as happens when partitions move.</summary>
    public int RepeatedCount
    {
        get
        {
            lock (_lock)
            {
                return _records.Values.Count(record => record.Times > 1);
            }
        }
    }

    /// <summary>Takes down a record.</summary>
    /// <param name="stint">Which member read it, in which of its generations.</param>
    /// <param name="partition">From which partition.</param>
    /// <param name="offset">At which offset.</param>
    /// <param name="value">Its value.</param>
    public void Add(string stint, int partition, long offset, string value)
    {
        lock (_lock)
        {
            (string Value, int Times) before = _records.GetValueOrDefault((partition, offset), (value, 0));
            _records[(partition, offset)] = (value, before.Times + 1);
            if (before.Value != value)
            {
                _changed.Add($"partition {partition}, offset {offset} was {before.Value} and is {value}");
            }

            if (_last.TryGetValue((stint, partition), out long last) && offset <= last)
            {
                _backwards.Add($"{stint}, partition {partition}: {offset} after {last}");
            }

            _last[(stint, partition)] = offset;
        }
    }

    /// <summary>Whether this record was read.</summary>
    public bool Contains(int partition, long offset)
    {
        lock (_lock)
        {
            return _records.ContainsKey((partition, offset));
        }
    }

    /// <summary>How often records below these offsets, one for each partition, were read.</summary>
    public int ReadsBelow(long[] offsets)
    {
        lock (_lock)
        {
            return _records.Where(record => record.Key.Offset < offsets[record.Key.Partition]).Sum(record => record.Value.Times);
        }
    }

    /// <summary>Fails unless every one of these records was read with its value, and nothing with two values.</summary>
    public void AssertHolds(IReadOnlyCollection<WrittenRecord> acknowledged)
    {
        lock (_lock)
        {
            WrittenRecord[] lost = [.. acknowledged.Where(record =>
                !_records.TryGetValue((record.Partition, record.Offset), out (string Value, int Times) found) || found.Value != record.Value)];
            Assert.True(lost.Length == 0, $"{lost.Length} of {acknowledged.Count} acknowledged records were not consumed, first {lost.FirstOrDefault()}");
            Assert.True(_changed.Count == 0, string.Join('\n', _changed.Take(10)));
        }
    }

    /// <summary>Fails when a member read a partition backwards, or an offset twice, within one of its generations.</summary>
    public void AssertOrder()
    {
        lock (_lock)
        {
            Assert.True(_backwards.Count == 0, string.Join('\n', _backwards.Take(10)));
        }
    }
}
