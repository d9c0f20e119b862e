using System.Collections.Concurrent;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// The partitions that this broker leads. Follows the metadata: what its records say is done here to the logs on disk.
/// <para>Look-ups take no lock and allocate nothing. Changes come one at a time, from the controller.</para>
/// </summary>
public sealed class ReplicaRegistry
{
    private readonly ConcurrentDictionary<string, TopicReplicas> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, TopicReplicas> _byId = new();
    private readonly ConcurrentDictionary<Guid, byte> _incomplete = new();
    private readonly HashSet<Guid> _removedBeforeOpen = [];
    private readonly Lock _changes = new();
    private readonly int _nodeId;
    private readonly ReplicaStore _store;
    private readonly Func<MetadataImage, IReadOnlyDictionary<string, string>, TopicSettings> _settingsOf;
    private readonly ILogger _logger;
    private MetadataImage? _image;

    internal ReplicaRegistry(
        int nodeId,
        ReplicaStore store,
        Func<MetadataImage, IReadOnlyDictionary<string, string>, TopicSettings> settingsOf,
        ILogger<ReplicaRegistry> logger)
    {
        _nodeId = nodeId;
        _store = store;
        _settingsOf = settingsOf;
        _logger = logger;
    }

    /// <summary>Every partition led here, in no particular order.</summary>
    public IEnumerable<Partition> Partitions => _byId.Values.SelectMany(topic => topic.All);

    /// <summary>
    /// The partition, or null if this broker does not lead it, its topic is unknown, or its log could not be opened
    /// (then the image names this broker as leader, and the answer is KAFKA_STORAGE_ERROR).
    /// </summary>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public Partition? Find(string topic, int partition) =>
        _byName.TryGetValue(topic, out var found) ? found.Find(partition) : null;

    /// <summary>The same, by the topic's id.</summary>
    /// <param name="topicId">Id of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public Partition? Find(Guid topicId, int partition) =>
        _byId.TryGetValue(topicId, out var found) ? found.Find(partition) : null;

    /// <summary>
    /// The error for a partition that <see cref="Find(string, int)"/> has not: UNKNOWN_TOPIC_OR_PARTITION, or
    /// KAFKA_STORAGE_ERROR when the topic has it and its log could not be opened.
    /// </summary>
    /// <param name="topic">Name of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public ErrorCode WhyMissing(string topic, int partition) =>
        _byName.TryGetValue(topic, out var found) && found.Contains(partition)
            ? ErrorCode.KafkaStorageError
            : ErrorCode.UnknownTopicOrPartition;

    /// <summary>The same by the topic's id, which may be unknown itself: UNKNOWN_TOPIC_ID.</summary>
    /// <param name="topicId">Id of the topic.</param>
    /// <param name="partition">Index of the partition.</param>
    public ErrorCode WhyMissing(Guid topicId, int partition) =>
        !_byId.TryGetValue(topicId, out var found) ? ErrorCode.UnknownTopicId
            : found.Contains(partition) ? ErrorCode.KafkaStorageError
            : ErrorCode.UnknownTopicOrPartition;

    /// <summary>
    /// Brings the disk in line with the metadata at start: opens what is there, makes what is missing, and puts away
    /// what belongs to no topic. A crash between a record and what it asks of the disk is made good here.
    /// </summary>
    internal void Open(MetadataImage image)
    {
        lock (_changes)
        {
            Invariant.Check(_image is null, "the registry opens once");
            _store.Load(
                (partition, topicId) => FateOf(image, partition, topicId),
                partition => image.FindTopic(partition.Topic)?.FindPartition(partition.Partition)?.DirectoryOf(_nodeId)
                    ?? DirectoryIds.Unassigned);
            List<PendingReplica> pending = [];
            foreach (var topic in image.Topics)
            {
                Follow(image, null, topic, pending);
            }
            _store.OpenAll([.. pending.Select(replica => replica.Partition)], index => TryHost(pending[index]));
            _image = image;
        }
    }

    /// <summary>Does what a change of the metadata asks for. Disk failures are logged, and retried later.</summary>
    internal void Apply(MetadataDelta delta)
    {
        lock (_changes)
        {
            if (_image is null)
            {
                // Removals of earlier runs tell a leftover directory from one that is none of ours.
                _removedBeforeOpen.UnionWith(
                    delta.TouchedTopicIds.Where(id => delta.After.FindTopic(id) is null));
                return;
            }
            _image = delta.After;
            foreach (var topic in delta.RemovedTopics)
            {
                Remove(topic);
            }
            List<PendingReplica> pending = [];
            foreach (var id in delta.TouchedTopicIds)
            {
                if (delta.After.FindTopic(id) is { } topic)
                {
                    Follow(delta.After, delta.Before.FindTopic(id), topic, pending);
                }
            }
            HostAll(pending);
            if (delta.BrokerConfigsChanged)
            {
                // What topics do not set themselves comes from the broker.
                foreach (var topic in delta.After.Topics)
                {
                    Reconfigure(delta.After, topic);
                }
            }
        }
    }

    /// <summary>Tries again to make the logs that a full disk had no space for.</summary>
    internal void RetryIncomplete()
    {
        foreach (var id in _incomplete.Keys)
        {
            lock (_changes)
            {
                if (_incomplete.TryRemove(id, out _) && _image?.FindTopic(id) is { } topic)
                {
                    List<PendingReplica> pending = [];
                    Follow(_image, null, topic, pending);
                    HostAll(pending);
                }
            }
        }
    }

    /// <summary>Ends all partitions: those who wait are told to look for another leader.</summary>
    internal void Close()
    {
        lock (_changes)
        {
            foreach (var partition in Partitions)
            {
                partition.Fail(ErrorCode.NotLeaderOrFollower);
            }
            _byName.Clear();
            _byId.Clear();
        }
    }

    private StoredReplicaFate FateOf(MetadataImage image, TopicPartition partition, Guid? topicId)
    {
        // A directory without an id was made and not finished: it holds no record yet, and takes the topic's id.
        var topic = topicId is { } id ? image.FindTopic(id) : image.FindTopic(partition.Topic);
        if (topic is not null)
        {
            return topic.Name == partition.Topic && topic.FindPartition(partition.Partition)?.HasReplica(_nodeId) == true
                ? StoredReplicaFate.Keep
                : StoredReplicaFate.Stray;
        }
        return topicId is { } known && _removedBeforeOpen.Contains(known) ? StoredReplicaFate.Delete : StoredReplicaFate.Stray;
    }

    private void Remove(TopicImage topic)
    {
        if (_byId.TryRemove(topic.Id, out var replicas))
        {
            _byName.TryRemove(new KeyValuePair<string, TopicReplicas>(topic.Name, replicas));
        }
        _incomplete.TryRemove(topic.Id, out _);
        for (var index = 0; index < topic.PartitionsCount; index++)
        {
            replicas?.Find(index)?.Fail(ErrorCode.UnknownTopicOrPartition);
            _store.Delete(new TopicPartition(topic.Name, index));
        }
    }

    private void Follow(MetadataImage cluster, TopicImage? before, TopicImage topic, List<PendingReplica> pending)
    {
        if (!_byId.TryGetValue(topic.Id, out var replicas))
        {
            replicas = new TopicReplicas();
            _byId[topic.Id] = replicas;
            _byName[topic.Name] = replicas;
        }
        replicas.EnsureRoom(topic.PartitionsCount);
        if (SettingsOf(cluster, topic) is not { } settings)
        {
            return;
        }
        var config = LogConfigs.From(settings);
        for (var index = 0; index < topic.PartitionsCount; index++)
        {
            var image = topic.FindPartition(index)!;
            var existing = replicas.Find(index);
            if (image.Leader != _nodeId)
            {
                replicas.Set(index, null);
                existing?.Fail(ErrorCode.NotLeaderOrFollower);
            }
            else if (existing is null)
            {
                pending.Add(new PendingReplica(topic, index, image, replicas, settings, config));
            }
            else
            {
                existing.Update(image);
                if (before?.Overrides != topic.Overrides)
                {
                    existing.Update(settings, config);
                }
            }
        }
    }

    private void Reconfigure(MetadataImage cluster, TopicImage topic)
    {
        if (SettingsOf(cluster, topic) is { } settings && _byId.TryGetValue(topic.Id, out var replicas))
        {
            var config = LogConfigs.From(settings);
            foreach (var partition in replicas.All)
            {
                partition.Update(settings, config);
            }
        }
    }

    private TopicSettings? SettingsOf(MetadataImage cluster, TopicImage topic)
    {
        try
        {
            return _settingsOf(cluster, topic.Overrides);
        }
        catch (ConfigException exception)
        {
            _logger.LogError(exception, "Topic {Topic} has a configuration that cannot be used", topic.Name);
            return null;
        }
    }

    // Making a log waits for the disk; several do not wait for each other.
    private void HostAll(List<PendingReplica> pending)
    {
        if (pending.Count == 1)
        {
            TryHost(pending[0]);
        }
        else
        {
            Parallel.ForEach(pending, _store.Parallelism, replica => TryHost(replica));
        }
    }

    private PartitionLog? TryHost(PendingReplica replica)
    {
        try
        {
            var (topic, index) = (replica.Topic, replica.Index);
            var log = _store.Open(replica.Partition, topic.Id, replica.Config, replica.Image.DirectoryOf(_nodeId));
            replica.Replicas.Set(
                index, new Partition(topic.Name, topic.Id, index, log, replica.Image, replica.Settings, _logger));
            return log;
        }
        catch (LogCorruptException damage)
        {
            // Not the directory's failure: the others are served, and this one is left as it is for people to look at.
            _logger.LogError(
                "{Partition} stays offline, its end is not known: {Path} at position {Position}: {Problem}",
                replica.Partition,
                damage.Path,
                damage.Position,
                damage.Problem);
        }
        catch (Exception exception) when (exception is IOException or LogUnavailableException)
        {
            if (exception is DiskException { IsOutOfSpace: true })
            {
                // Tried again every second; the directory says every minute that it is full.
                _incomplete[replica.Topic.Id] = 0;
                _logger.LogDebug(exception, "{Partition}: no space for its log yet", replica.Partition);
            }
            else if (exception is LogUnavailableException)
            {
                // Thousands may lie in the directory that is offline, and that has been said.
                _logger.LogDebug(exception, "{Partition}: its log directory is offline", replica.Partition);
            }
            else
            {
                _logger.LogError(exception, "{Partition}: its log cannot be opened", replica.Partition);
            }
        }
        return null;
    }

    /// <summary>A partition that this broker is to host and does not yet.</summary>
    private sealed record PendingReplica(
        TopicImage Topic,
        int Index,
        PartitionImage Image,
        TopicReplicas Replicas,
        TopicSettings Settings,
        LogConfig Config)
    {
        public TopicPartition Partition { get; } = new(Topic.Name, Index);
    }
}
