namespace FastLog.Storage;

/// <summary>
/// One checkpoint file of a directory and what it says. Entries of logs that are not open are kept as they were, until
/// the log is deleted. Every change that returns is on disk.
/// </summary>
internal sealed class OffsetCheckpoints(IFileSystem files, string directory, string name)
{
    private readonly Lock _lock = new();
    private readonly OffsetCheckpointFile _file = new(files, Path.Combine(directory, name));
    private Dictionary<TopicPartition, long> _offsets = [];

    public void Load(Func<TopicPartition, bool> isKept)
    {
        lock (_lock)
        {
            _offsets = _file.Read();
            foreach (TopicPartition partition in _offsets.Keys)
            {
                if (!isKept(partition))
                    _offsets.Remove(partition);
            }
        }
    }

    /// <summary>0 when nothing is known.</summary>
    public long this[TopicPartition partition]
    {
        get
        {
            lock (_lock)
                return _offsets.GetValueOrDefault(partition);
        }
    }

    public Dictionary<TopicPartition, long> ToDictionary()
    {
        lock (_lock)
            return new Dictionary<TopicPartition, long>(_offsets);
    }

    /// <summary>Sets one offset and writes; a failed write changes nothing.</summary>
    public void Set(TopicPartition partition, long offset) => Change(offsets => offsets[partition] = offset);

    /// <summary>Sets one offset and writes unless it is already as low.</summary>
    public void Lower(TopicPartition partition, long offset)
    {
        lock (_lock)
        {
            if (_offsets.TryGetValue(partition, out long present) && present > offset)
                Change(offsets => offsets[partition] = offset);
        }
    }

    public void Remove(TopicPartition partition)
    {
        lock (_lock)
        {
            if (_offsets.ContainsKey(partition))
                Change(offsets => offsets.Remove(partition));
        }
    }

    public void SetAll(IEnumerable<KeyValuePair<TopicPartition, long>> changes) => Change(offsets =>
    {
        foreach ((TopicPartition partition, long offset) in changes)
            offsets[partition] = offset;
    });

    private void Change(Action<Dictionary<TopicPartition, long>> change)
    {
        lock (_lock)
        {
            Dictionary<TopicPartition, long> changed = new(_offsets);
            change(changed);
            _file.Write(changed);
            _offsets = changed;
        }
    }
}
