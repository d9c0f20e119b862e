namespace FastLog.Cluster;

/// <summary>What one batch of metadata records changed.</summary>
public sealed class MetadataDelta
{
    internal MetadataDelta(
        MetadataImage before,
        MetadataImage after,
        IReadOnlyCollection<Guid> touchedTopicIds,
        bool brokersChanged,
        bool featuresChanged,
        IReadOnlyCollection<ConfigResource> changedConfigs)
    {
        Before = before;
        After = after;
        TouchedTopicIds = touchedTopicIds;
        BrokersChanged = brokersChanged;
        FeaturesChanged = featuresChanged;
        ChangedConfigs = changedConfigs;
    }

    /// <summary>The image before the records.</summary>
    public MetadataImage Before { get; }

    /// <summary>The image after the records.</summary>
    public MetadataImage After { get; }

    /// <summary>Ids of all topics made, changed (partitions or configuration) or removed.</summary>
    public IReadOnlyCollection<Guid> TouchedTopicIds { get; }

    /// <summary>Whether a broker was registered, changed or taken away.</summary>
    public bool BrokersChanged { get; }

    /// <summary>Whether a feature level changed.</summary>
    public bool FeaturesChanged { get; }

    /// <summary>What other than topics was configured anew.</summary>
    public IReadOnlyCollection<ConfigResource> ChangedConfigs { get; }

    /// <summary>Whether a broker, or all of them, was configured anew.</summary>
    public bool BrokerConfigsChanged => ChangedConfigs.Any(resource => resource.Type == ConfigResourceType.Broker);

    /// <summary>Topics that are there now and were not, or were other ones of the same name.</summary>
    public IEnumerable<TopicImage> CreatedTopics =>
        TouchedTopicIds.Where(id => Before.FindTopic(id) is null).Select(After.FindTopic).OfType<TopicImage>();

    /// <summary>Topics of before that changed, as they are now.</summary>
    public IEnumerable<TopicImage> ChangedTopics =>
        TouchedTopicIds.Where(id => Before.FindTopic(id) is not null).Select(After.FindTopic).OfType<TopicImage>();

    /// <summary>Topics that were there and are there no more, as they were.</summary>
    public IEnumerable<TopicImage> RemovedTopics =>
        TouchedTopicIds.Where(id => After.FindTopic(id) is null).Select(Before.FindTopic).OfType<TopicImage>();
}
