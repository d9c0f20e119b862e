using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Cluster;

/// <summary>
/// Applies metadata records to an image and gives the next image. Copies only the tables that the records touch, each
/// at most once: a replay of the whole log costs one copy, not one for each record.
/// </summary>
public sealed class MetadataDraft
{
    private readonly MetadataImage _before;
    private readonly Dictionary<Guid, TopicDraft?> _topics = [];
    private readonly Dictionary<string, TopicDraft> _topicsByName = new(StringComparer.Ordinal);
    private readonly HashSet<ConfigResource> _changedConfigs = [];
    private SortedDictionary<int, BrokerImage>? _brokers;
    private Dictionary<string, short>? _features;
    private Dictionary<ConfigResource, IReadOnlyDictionary<string, string>>? _configs;
    private long _nextProducerId;
    private long _lastOffset;
    private int _lastEpoch;

    /// <summary>Starts from an image, which stays as it is.</summary>
    /// <param name="before">The image that the records follow.</param>
    public MetadataDraft(MetadataImage before)
    {
        ArgumentNullException.ThrowIfNull(before);
        _before = before;
        _nextProducerId = before.NextProducerId;
        _lastOffset = before.LastOffset;
        _lastEpoch = before.LastEpoch;
    }

    /// <summary>Applies the next record. A kind of record that says nothing to the image moves only the offset.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Its offset, higher than every one before.</param>
    /// <param name="epoch">The epoch of its batch.</param>
    public void Apply(IMessage record, long offset, int epoch)
    {
        Invariant.Check(offset > _lastOffset, "metadata records are applied in order, each once");
        _lastOffset = offset;
        _lastEpoch = epoch;
        Apply(record);
    }

    /// <summary>Applies a snapshot, which stands for all records below an offset.</summary>
    /// <param name="records">The snapshot's records.</param>
    /// <param name="endOffset">The first offset that it does not stand for.</param>
    /// <param name="epoch">Epoch of the last record that it stands for.</param>
    public void ApplySnapshot(IReadOnlyList<IMessage> records, long endOffset, int epoch)
    {
        ArgumentNullException.ThrowIfNull(records);
        Invariant.Check(endOffset > _lastOffset, "a snapshot comes before the records behind it");
        foreach (var record in records)
        {
            Apply(record);
        }
        _lastOffset = endOffset - 1;
        _lastEpoch = epoch;
    }

    private void Apply(IMessage record)
    {
        switch (record)
        {
            case TopicRecord topic:
                Apply(topic);
                break;
            case PartitionRecord partition:
                FindTopic(partition.TopicId).Apply(partition);
                break;
            case PartitionChangeRecord change:
                FindTopic(change.TopicId).Apply(change);
                break;
            case RemoveTopicRecord removed:
                Apply(removed);
                break;
            case ConfigRecord config:
                Apply(config);
                break;
            case FeatureLevelRecord feature:
                Apply(feature);
                break;
            case ProducerIdsRecord producerIds:
                _nextProducerId = producerIds.NextProducerId;
                break;
            default:
                BrokerRecords.Apply(record, this);
                break;
        }
    }

    /// <summary>The next image and what differs in it.</summary>
    public MetadataDelta ToDelta()
    {
        var (byName, byId) = BuildTopics();
        var after = new MetadataImage(
            _before.ClusterId,
            _lastOffset,
            _lastEpoch,
            byName,
            byId,
            _brokers is null ? [.. _before.Brokers] : [.. _brokers.Values],
            _features ?? _before.Features,
            _configs ?? _before.Configs,
            _nextProducerId);
        return new MetadataDelta(
            _before,
            after,
            [.. _topics.Keys],
            brokersChanged: _brokers is not null,
            featuresChanged: _features is not null,
            _changedConfigs);
    }

    /// <summary>The brokers, to be changed by <see cref="BrokerRecords"/>.</summary>
    internal SortedDictionary<int, BrokerImage> ChangeBrokers()
    {
        if (_brokers is null)
        {
            _brokers = [];
            foreach (var broker in _before.Brokers)
            {
                _brokers.Add(broker.Id, broker);
            }
        }
        return _brokers;
    }

    private (Dictionary<string, TopicImage> ByName, Dictionary<Guid, TopicImage> ById) BuildTopics()
    {
        if (_topics.Count == 0)
        {
            return (_before.TopicsByName, _before.TopicsById);
        }
        var byName = new Dictionary<string, TopicImage>(_before.TopicsByName, StringComparer.Ordinal);
        var byId = new Dictionary<Guid, TopicImage>(_before.TopicsById);
        // Removals first: a topic may have been removed and another one made of the same name.
        foreach (var id in _topics.Keys)
        {
            if (byId.Remove(id, out var old))
            {
                byName.Remove(old.Name);
            }
        }
        foreach (var topic in _topics.Values)
        {
            if (topic is not null)
            {
                var image = topic.ToImage();
                byId.Add(image.Id, image);
                byName.Add(image.Name, image);
            }
        }
        return (byName, byId);
    }

    private TopicDraft FindTopic(Guid id)
    {
        if (_topics.TryGetValue(id, out var draft))
        {
            Invariant.Check(draft is not null, "a removed topic is changed no more");
            return draft;
        }
        var image = _before.FindTopic(id);
        Invariant.Check(image is not null, "a changed topic exists");
        return Add(new TopicDraft(image));
    }

    private TopicDraft? FindTopic(string name)
    {
        if (_topicsByName.TryGetValue(name, out var draft))
        {
            return draft;
        }
        var image = _before.FindTopic(name);
        // An id that is drafted but not found by name is one that these records removed.
        return image is null || _topics.ContainsKey(image.Id) ? null : Add(new TopicDraft(image));
    }

    private TopicDraft Add(TopicDraft draft)
    {
        Invariant.Check(_topics.TryAdd(draft.Id, draft), "a topic id is used once");
        Invariant.Check(_topicsByName.TryAdd(draft.Name, draft), "two topics never have one name");
        return draft;
    }

    private void Apply(TopicRecord record) => Add(new TopicDraft(record.Name, record.TopicId));

    private void Apply(RemoveTopicRecord record)
    {
        var draft = FindTopic(record.TopicId);
        _topics[record.TopicId] = null;
        _topicsByName.Remove(draft.Name);
    }

    private void Apply(FeatureLevelRecord record)
    {
        _features ??= new Dictionary<string, short>(_before.Features, StringComparer.Ordinal);
        if (record.FeatureLevel == 0)
        {
            _features.Remove(record.Name);
        }
        else
        {
            _features[record.Name] = record.FeatureLevel;
        }
    }

    private void Apply(ConfigRecord record)
    {
        var type = (ConfigResourceType)record.ResourceType;
        if (type == ConfigResourceType.Topic)
        {
            // A configuration outlives its topic by no record; one without a topic is nobody's.
            FindTopic(record.ResourceName)?.Apply(record);
            return;
        }
        var resource = new ConfigResource(type, record.ResourceName);
        _configs ??= new Dictionary<ConfigResource, IReadOnlyDictionary<string, string>>(_before.Configs);
        var values = _configs.TryGetValue(resource, out var old)
            ? new Dictionary<string, string>(old, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);
        if (record.Value is { } value)
        {
            values[record.Name] = value;
        }
        else
        {
            values.Remove(record.Name);
        }
        _changedConfigs.Add(resource);
        if (values.Count == 0)
        {
            _configs.Remove(resource);
        }
        else
        {
            _configs[resource] = values;
        }
    }
}
