using System.Collections.ObjectModel;

namespace FastLog.Cluster;

/// <summary>
/// All that the metadata log says up to one offset. Immutable: a reader takes one image and sees one state of the
/// cluster, whatever is appended meanwhile. Look-ups take constant time and allocate nothing.
/// </summary>
public sealed class MetadataImage
{
    private readonly Dictionary<string, TopicImage> _topicsByName;
    private readonly Dictionary<Guid, TopicImage> _topicsById;
    private readonly BrokerImage[] _brokers;

    internal MetadataImage(
        string clusterId,
        long lastOffset,
        int lastEpoch,
        Dictionary<string, TopicImage> topicsByName,
        Dictionary<Guid, TopicImage> topicsById,
        BrokerImage[] brokers,
        IReadOnlyDictionary<string, short> features,
        IReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string>> configs,
        long nextProducerId)
    {
        ClusterId = clusterId;
        LastOffset = lastOffset;
        LastEpoch = lastEpoch;
        _topicsByName = topicsByName;
        _topicsById = topicsById;
        _brokers = brokers;
        Features = features;
        Configs = configs;
        NextProducerId = nextProducerId;
    }

    /// <summary>The cluster's id: 22 characters of base64url.</summary>
    public string ClusterId { get; }

    /// <summary>Offset of the last record in the image, -1 for none. ApiVersions shows it as the features' epoch.</summary>
    public long LastOffset { get; }

    /// <summary>Epoch of the controller that wrote that record, -1 for none.</summary>
    public int LastEpoch { get; }

    /// <summary>Every topic, in no particular order; its enumerator is a struct.</summary>
    public Dictionary<string, TopicImage>.ValueCollection Topics => _topicsByName.Values;

    /// <summary>How many topics there are.</summary>
    public int TopicsCount => _topicsByName.Count;

    /// <summary>Every registered broker, fenced ones too, by ascending id.</summary>
    public ReadOnlySpan<BrokerImage> Brokers => _brokers;

    /// <summary>Finalised feature levels; a feature that is not there is at level 0.</summary>
    public IReadOnlyDictionary<string, short> Features { get; }

    /// <summary>Configuration of what is no topic: brokers, groups, client metrics.</summary>
    public IReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string>> Configs { get; }

    /// <summary>The first producer id that nobody has been given yet.</summary>
    public long NextProducerId { get; }

    internal Dictionary<string, TopicImage> TopicsByName => _topicsByName;

    internal Dictionary<Guid, TopicImage> TopicsById => _topicsById;

    /// <summary>The image before the first record.</summary>
    /// <param name="clusterId">The cluster's id.</param>
    public static MetadataImage Empty(string clusterId) => new(
        clusterId,
        lastOffset: -1,
        lastEpoch: -1,
        new Dictionary<string, TopicImage>(StringComparer.Ordinal),
        [],
        [],
        ReadOnlyDictionary<string, short>.Empty,
        ReadOnlyDictionary<ConfigResource, IReadOnlyDictionary<string, string>>.Empty,
        nextProducerId: 0);

    /// <summary>The topic of that name, or null.</summary>
    /// <param name="name">Name of the topic.</param>
    public TopicImage? FindTopic(string name) => _topicsByName.GetValueOrDefault(name);

    /// <summary>The topic of that id, or null.</summary>
    /// <param name="id">Id of the topic.</param>
    public TopicImage? FindTopic(Guid id) => _topicsById.GetValueOrDefault(id);

    /// <summary>The partition, or null if the topic or the partition is unknown.</summary>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public PartitionImage? FindPartition(string topic, int partition) => FindTopic(topic)?.FindPartition(partition);

    /// <summary>The broker of that id, or null.</summary>
    /// <param name="id">The broker's node.id.</param>
    public BrokerImage? FindBroker(int id)
    {
        var low = 0;
        var high = _brokers.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = _brokers[middle].Id;
            if (found == id)
            {
                return _brokers[middle];
            }
            if (found < id)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return null;
    }

    /// <summary>The configuration of a resource that is no topic; empty if nothing was ever set.</summary>
    /// <param name="resource">The resource.</param>
    public IReadOnlyDictionary<string, string> FindConfigs(ConfigResource resource) =>
        Configs.TryGetValue(resource, out var configs) ? configs : TopicImage.NoOverrides;
}
