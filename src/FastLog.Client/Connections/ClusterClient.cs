using System.Collections.Concurrent;
using FastLog.Network;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>
/// The way to the brokers of one cluster: finds them through the bootstrap servers, keeps what it learnt of topics, and
/// holds one connection a broker and use.
/// </summary>
/// <remarks>Thread-safe. Nothing is connected before it is needed.</remarks>
internal sealed partial class ClusterClient : IAsyncDisposable
{
    /// <summary>How much longer than the rebalance timeout a join may take.</summary>
    public const int JoinSlackMs = 5_000;

    private readonly ClientOptions _options;
    private readonly IReadOnlyList<BrokerEndpoint> _bootstrap;
    private readonly PinnedBlockPool _pool = new();
    private readonly ConcurrentDictionary<(BrokerEndpoint Endpoint, ConnectionUse Use), BrokerSlot> _slots = new();
    private volatile ClusterMetadata _metadata = ClusterMetadata.Empty;

    public ClusterClient(ClientOptions options)
    {
        _options = options;
        _bootstrap = BrokerEndpoint.ParseList(options.BootstrapServers);
    }

    /// <summary>What is known so far.</summary>
    public ClusterMetadata Metadata => _metadata;

    private ILogger Logger => _options.Logger;

    /// <summary>The open connection to a broker, or null.</summary>
    public BrokerConnection? TryBroker(int nodeId, ConnectionUse use) =>
        _metadata.Broker(nodeId) is { } broker && _slots.TryGetValue((broker.Endpoint, use), out BrokerSlot? slot)
            ? slot.Open
            : null;

    /// <summary>A connection to a broker that metadata names.</summary>
    /// <exception cref="KafkaException">It is not known or cannot be reached.</exception>
    public ValueTask<BrokerConnection> BrokerAsync(int nodeId, ConnectionUse use, CancellationToken cancellationToken)
    {
        BrokerMetadata broker = _metadata.Broker(nodeId)
            ?? throw new KafkaException(ErrorCode.BrokerNotAvailable, $"broker {nodeId} is not in the metadata");
        return SlotOf(broker.Endpoint, use).OpenAsync(broker.Endpoint, cancellationToken);
    }

    /// <summary>A connection to a broker whose place is known from elsewhere than metadata.</summary>
    /// <exception cref="KafkaException">It cannot be reached.</exception>
    public ValueTask<BrokerConnection> EndpointAsync(
        BrokerEndpoint endpoint, ConnectionUse use, CancellationToken cancellationToken) =>
        SlotOf(endpoint, use).OpenAsync(endpoint, cancellationToken);

    /// <summary>A connection to the broker that changes are sent to, or any other.</summary>
    public async ValueTask<BrokerConnection> ControllerAsync(CancellationToken cancellationToken)
    {
        if (_metadata.Brokers.Count == 0)
        {
            await RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
        }

        int controllerId = _metadata.ControllerId;
        return _metadata.Broker(controllerId) is null
            ? await AnyBrokerAsync(cancellationToken).ConfigureAwait(false)
            : await BrokerAsync(controllerId, ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A connection to any broker: one that is open, else the first that can be reached.</summary>
    /// <exception cref="KafkaException">None can be reached; says why the first could not.</exception>
    public async ValueTask<BrokerConnection> AnyBrokerAsync(CancellationToken cancellationToken)
    {
        List<BrokerEndpoint> candidates = [.. _metadata.Brokers.Select(broker => broker.Endpoint), .. _bootstrap];
        foreach (BrokerEndpoint endpoint in candidates)
        {
            if (_slots.TryGetValue((endpoint, ConnectionUse.Requests), out BrokerSlot? slot) && slot.Open is { } open)
            {
                return open;
            }
        }

        KafkaException? first = null;
        foreach (BrokerEndpoint endpoint in candidates.Distinct())
        {
            try
            {
                return await SlotOf(endpoint, ConnectionUse.Requests).OpenAsync(endpoint, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (KafkaException e)
            {
                Logger.LogDebug("{Reason}", e.Message);
                first ??= e;
            }
        }

        throw first!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BrokerSlot slot in _slots.Values)
        {
            await slot.DisposeAsync().ConfigureAwait(false);
        }

        _pool.Dispose();
    }

    private BrokerSlot SlotOf(BrokerEndpoint endpoint, ConnectionUse use) =>
        _slots.GetOrAdd(
            (endpoint, use), static (key, self) => new BrokerSlot(key.Use, self.OptionsOf(key.Use), self._pool), this);

    /// <summary>A join is answered when the slowest member of the group has joined.</summary>
    private ClientOptions OptionsOf(ConnectionUse use) =>
        use == ConnectionUse.Membership && _options is ConsumerOptions consumer
            ? consumer with
            {
                RequestTimeoutMs = (int)Math.Min(int.MaxValue, Math.Max(
                    consumer.RequestTimeoutMs, (long)consumer.MaxPollIntervalMs + JoinSlackMs)),
            }
            : _options;
}
