using FastLog.Network;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client.Tests.Fakes;

/// <summary>What a broker does with one produce request.</summary>
internal enum ProduceFault
{
    /// <summary>What it should.</summary>
    None,

    /// <summary>Answers with <see cref="FakeCluster.FaultError"/> and stores nothing.</summary>
    Refuse,

    /// <summary>Stores, and answers with <see cref="FakeCluster.FaultError"/>.</summary>
    StoreAndRefuse,

    /// <summary>Closes the connection and stores nothing.</summary>
    Disconnect,

    /// <summary>Stores, and closes the connection without an answer.</summary>
    StoreAndDisconnect,
}

/// <summary>Brokers in this process that share their topics: real sockets and messages, logs in memory.</summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    private readonly PinnedBlockPool _pool = new();
    private readonly Dictionary<string, (Guid Id, FakePartition[] Partitions)> _topics = [];
    private readonly Dictionary<string, FakeGroup> _groups = [];
    private long _nextProducerId = 1000;

    public FakeCluster(int brokersCount = 1)
    {
        Brokers = [.. Enumerable.Range(1, brokersCount).Select(id => new FakeBroker(id, this, _pool))];
    }

    /// <summary>Guards logs, leaders and faults: requests of several connections come at once.</summary>
    public Lock Gate { get; } = new();

    public FakeBroker[] Brokers { get; }

    /// <summary>The broker that coordinates all groups.</summary>
    public FakeBroker Coordinator => Brokers[CoordinatorIndex];

    public int CoordinatorIndex { get; set; }

    public string BootstrapServers => string.Join(',', Brokers.Select(broker => broker.EndPoint));

    /// <summary>Decides on each produce request; null for no faults. Called under <see cref="Gate"/>.</summary>
    public Func<ProduceFault>? NextFault { get; set; }

    public ErrorCode FaultError { get; set; } = ErrorCode.NotLeaderOrFollower;

    public bool AutoCreates { get; set; }

    /// <summary>The highest version of an API that is offered, where it is not the highest there is.</summary>
    public Dictionary<ApiKey, short> VersionMax { get; } = [];

    /// <summary>Every produce request, as the batch headers that it had.</summary>
    public List<List<RecordBatchHeader>> Produced { get; } = [];

    public List<ApiKey> Requests { get; } = [];

    public IEnumerable<KeyValuePair<string, (Guid Id, FakePartition[] Partitions)>> Topics => _topics;

    public FakePartition[] Create(string topic, int partitionsCount = 1)
    {
        lock (Gate)
        {
            FakePartition[] partitions = [.. Enumerable.Range(0, partitionsCount)
                .Select(index => new FakePartition { LeaderId = Brokers[index % Brokers.Length].NodeId })];
            _topics[topic] = (Guid.NewGuid(), partitions);
            return partitions;
        }
    }

    public void Grow(string topic, int partitionsCount)
    {
        lock (Gate)
        {
            (Guid id, FakePartition[] partitions) = _topics[topic];
            _topics[topic] = (id, [.. partitions, .. Enumerable.Range(0, partitionsCount - partitions.Length)
                .Select(_ => new FakePartition())]);
        }
    }

    public bool Delete(string topic)
    {
        lock (Gate)
        {
            return _topics.Remove(topic);
        }
    }

    public (Guid Id, FakePartition[] Partitions)? Topic(string name) =>
        _topics.TryGetValue(name, out (Guid Id, FakePartition[] Partitions) topic) ? topic : null;

    public string? NameOf(Guid id) => _topics.FirstOrDefault(topic => topic.Value.Id == id).Key;

    public FakePartition? Partition(string topic, int partition) =>
        Topic(topic) is { } known && (uint)partition < (uint)known.Partitions.Length ? known.Partitions[partition] : null;

    /// <summary>A group, made when it is asked for first. Under <see cref="Gate"/>.</summary>
    public FakeGroup Group(string groupId)
    {
        if (!_groups.TryGetValue(groupId, out FakeGroup? group))
        {
            group = new FakeGroup(this);
            _groups.Add(groupId, group);
        }

        return group;
    }

    public long NextProducerId() => _nextProducerId++;

    /// <summary>How often an API was asked for so far.</summary>
    public int Count(ApiKey api)
    {
        lock (Gate)
        {
            return Requests.Count(key => key == api);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FakeBroker broker in Brokers)
        {
            await broker.DisposeAsync();
        }

        _pool.Dispose();
    }
}
