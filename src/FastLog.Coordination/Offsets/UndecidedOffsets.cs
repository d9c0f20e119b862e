namespace FastLog.Coordination;

/// <summary>
/// Offsets that transactions have written and whose end is not known yet: they count once a commit marker follows, and
/// never after an abort marker.
/// </summary>
public sealed class UndecidedOffsets
{
    private readonly Dictionary<long, List<CoordinatorRecord>> _byProducer = [];
    private readonly Dictionary<(string Group, string Topic, int Partition), int> _counts = [];

    /// <summary>Whether a transaction may still change the offset of a partition.</summary>
    /// <param name="group">The group.</param>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public bool Contains(string group, string topic, int partition) =>
        _counts.Count > 0 && _counts.ContainsKey((group, topic, partition));

    /// <summary>Whether a transaction may still commit an offset of a group.</summary>
    /// <param name="group">The group.</param>
    public bool ContainsGroup(string group) => _counts.Keys.Any(place => place.Group == group);

    internal void Add(long producerId, in CoordinatorRecord record)
    {
        if (!_byProducer.TryGetValue(producerId, out var records))
        {
            _byProducer[producerId] = records = [];
        }

        records.Add(record);
        var place = PlaceOf(record);
        _counts[place] = _counts.GetValueOrDefault(place) + 1;
    }

    /// <summary>The transaction of a producer ended: what it wrote, in order.</summary>
    internal IReadOnlyList<CoordinatorRecord> Take(long producerId)
    {
        if (!_byProducer.Remove(producerId, out var records))
        {
            return [];
        }

        foreach (var record in records)
        {
            var place = PlaceOf(record);
            if (--_counts[place] == 0)
            {
                _counts.Remove(place);
            }
        }

        return records;
    }

    private static (string Group, string Topic, int Partition) PlaceOf(in CoordinatorRecord record)
    {
        var key = (Protocol.Messages.OffsetCommitKey)record.Key;
        return (key.Group, key.Topic, key.Partition);
    }
}
