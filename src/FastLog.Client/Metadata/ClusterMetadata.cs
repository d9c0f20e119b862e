using System.Collections.Frozen;

namespace FastLog.Client;

/// <summary>A broker as metadata describes it.</summary>
public sealed record BrokerMetadata(int NodeId, BrokerEndpoint Endpoint, string? Rack);

/// <summary>A partition as metadata describes it.</summary>
/// <param name="Index">Its number.</param>
/// <param name="LeaderId">The broker that leads it, or -1.</param>
/// <param name="LeaderEpoch">The epoch of that leader, or -1 when not known.</param>
/// <param name="Replicas">The brokers that hold it.</param>
/// <param name="Isr">Those of them that are in sync.</param>
/// <param name="OfflineReplicas">Those of them that are offline.</param>
public sealed record PartitionMetadata(
    int Index,
    int LeaderId,
    int LeaderEpoch,
    IReadOnlyList<int> Replicas,
    IReadOnlyList<int> Isr,
    IReadOnlyList<int> OfflineReplicas);

/// <summary>A topic as metadata describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; zero when the broker does not say.</param>
/// <param name="IsInternal">Whether it belongs to the broker itself.</param>
/// <param name="Partitions">All partitions, by their number from 0 on.</param>
public sealed record TopicMetadata(string Name, Guid Id, bool IsInternal, IReadOnlyList<PartitionMetadata> Partitions);

/// <summary>What a client knows of a cluster; immutable.</summary>
public sealed class ClusterMetadata
{
    /// <summary>Knows nothing.</summary>
    public static readonly ClusterMetadata Empty = new(null, -1, [], []);

    private readonly FrozenDictionary<int, BrokerMetadata> _brokers;
    private readonly FrozenDictionary<string, TopicMetadata> _topics;

    internal ClusterMetadata(
        string? clusterId, int controllerId, IEnumerable<BrokerMetadata> brokers, IEnumerable<TopicMetadata> topics)
    {
        ClusterId = clusterId;
        ControllerId = controllerId;
        _brokers = brokers.ToFrozenDictionary(broker => broker.NodeId);
        _topics = topics.ToFrozenDictionary(topic => topic.Name, StringComparer.Ordinal);
    }

    /// <summary>The id of the cluster, when the broker says it.</summary>
    public string? ClusterId { get; }

    /// <summary>The broker to send changes to, or -1 for any.</summary>
    public int ControllerId { get; }

    /// <summary>The brokers.</summary>
    public IReadOnlyList<BrokerMetadata> Brokers => _brokers.Values;

    /// <summary>The topics that were asked for so far and exist.</summary>
    public IReadOnlyList<TopicMetadata> Topics => _topics.Values;

    /// <summary>The broker with this id, or null.</summary>
    public BrokerMetadata? Broker(int nodeId) => _brokers.GetValueOrDefault(nodeId);

    /// <summary>The topic, or null when it is not known.</summary>
    public TopicMetadata? Topic(string name) => _topics.GetValueOrDefault(name);

    /// <summary>The leader of a partition, or -1 when there is none or it is not known.</summary>
    public int LeaderOf(string topic, int partition) =>
        Topic(topic) is { } known && (uint)partition < (uint)known.Partitions.Count
            ? known.Partitions[partition].LeaderId
            : -1;

    /// <summary>The same brokers as <paramref name="answer"/>, with the topics of this one that it does not speak of.
    /// </summary>
    internal ClusterMetadata Merge(ClusterMetadata answer, IReadOnlySet<string> forgotten) =>
        new(
            answer.ClusterId,
            answer.ControllerId,
            answer.Brokers,
            answer.Topics.Concat(Topics.Where(t => answer.Topic(t.Name) is null && !forgotten.Contains(t.Name))));
}
