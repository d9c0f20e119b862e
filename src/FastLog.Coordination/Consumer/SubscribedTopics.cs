using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// The topics a group subscribes to that exist, with their ids and numbers of partitions: what the target assignment is
/// made from, kept with key type 4. When it changes the group epoch does. Immutable.
/// </summary>
internal sealed class SubscribedTopics : Assignors.ITopicShapes, IEquatable<SubscribedTopics>
{
    public static readonly SubscribedTopics None = new(new(StringComparer.Ordinal));

    private readonly SortedDictionary<string, GroupTopic> _byName;
    private readonly Dictionary<Guid, int> _partitions = [];

    private SubscribedTopics(SortedDictionary<string, GroupTopic> byName)
    {
        _byName = byName;
        foreach (var topic in byName.Values)
        {
            _partitions[topic.Id] = topic.PartitionsCount;
        }
    }

    public static SubscribedTopics Of(ConsumerGroupPartitionMetadataValue value)
    {
        var topics = new SortedDictionary<string, GroupTopic>(StringComparer.Ordinal);
        foreach (var topic in value.Topics)
        {
            topics[topic.TopicName] = new GroupTopic(topic.TopicId, topic.TopicName, topic.NumPartitions, IsInternal: false);
        }

        return new SubscribedTopics(topics);
    }

    /// <summary>Those of the names that are topics now.</summary>
    public static SubscribedTopics Of(IEnumerable<string> names, IGroupTopics all)
    {
        var topics = new SortedDictionary<string, GroupTopic>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (all.Find(name) is { } topic)
            {
                topics[name] = topic with { IsInternal = false };
            }
        }

        return new SubscribedTopics(topics);
    }

    public int PartitionsCountOf(Guid topicId) => _partitions.GetValueOrDefault(topicId, -1);

    public Guid? IdOf(string name) => _byName.TryGetValue(name, out var topic) ? topic.Id : null;

    public ConsumerGroupPartitionMetadataValue ToValue()
    {
        // Racks of partitions are not written, as by Kafka 4.0, whose assignors do not look at them.
        var value = new ConsumerGroupPartitionMetadataValue();
        foreach (var topic in _byName.Values)
        {
            var entry = value.Topics.Add();
            entry.TopicId = topic.Id;
            entry.TopicName = topic.Name;
            entry.NumPartitions = topic.PartitionsCount;
        }

        return value;
    }

    public bool Equals(SubscribedTopics? other) => other is not null && _byName.Values.SequenceEqual(other._byName.Values);

    public override bool Equals(object? obj) => Equals(obj as SubscribedTopics);

    public override int GetHashCode() => _byName.Count;
}

/// <summary>The topics that a regular expression matched.</summary>
/// <param name="Topics">Names of the topics.</param>
/// <param name="Version">The version of the topics it was matched against.</param>
/// <param name="TimestampMs">When that was, in milliseconds since 1970.</param>
internal sealed record ResolvedRegex(IReadOnlySet<string> Topics, long Version, long TimestampMs)
{
    public ResolvedRegex(IEnumerable<string> topics, long version, long timestampMs)
        : this(new HashSet<string>(topics, StringComparer.Ordinal), version, timestampMs)
    {
    }
}
