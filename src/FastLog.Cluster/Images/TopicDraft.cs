using FastLog.Protocol.Messages;

namespace FastLog.Cluster;

/// <summary>A topic while records are applied to it. Copies from the image once, however many records touch it.</summary>
internal sealed class TopicDraft
{
    private readonly List<PartitionImage> _partitions;
    private Dictionary<string, string>? _changedOverrides;
    private IReadOnlyDictionary<string, string> _overrides;

    public TopicDraft(string name, Guid id)
    {
        Name = name;
        Id = id;
        _partitions = [];
        _overrides = TopicImage.NoOverrides;
    }

    public TopicDraft(TopicImage image)
    {
        Name = image.Name;
        Id = image.Id;
        _partitions = [.. image.Partitions];
        _overrides = image.Overrides;
    }

    public string Name { get; }

    public Guid Id { get; }

    public void Apply(PartitionRecord record)
    {
        var partition = PartitionRecords.ToImage(record);
        if (record.PartitionId == _partitions.Count)
        {
            _partitions.Add(partition);
            return;
        }
        // A snapshot may repeat a partition; one that leaves a gap can come from no controller.
        Invariant.Check(
            record.PartitionId >= 0 && record.PartitionId < _partitions.Count, "partitions are created in order");
        _partitions[record.PartitionId] = partition;
    }

    public void Apply(PartitionChangeRecord record)
    {
        Invariant.Check(
            record.PartitionId >= 0 && record.PartitionId < _partitions.Count, "a changed partition exists");
        _partitions[record.PartitionId] = PartitionRecords.Change(_partitions[record.PartitionId], record);
    }

    public void Apply(ConfigRecord record)
    {
        _changedOverrides ??= new Dictionary<string, string>(_overrides, StringComparer.Ordinal);
        _overrides = _changedOverrides;
        if (record.Value is { } value)
        {
            _changedOverrides[record.Name] = value;
        }
        else
        {
            _changedOverrides.Remove(record.Name);
        }
    }

    public TopicImage ToImage() =>
        new(Name, Id, [.. _partitions], _overrides.Count == 0 ? TopicImage.NoOverrides : _overrides);
}
