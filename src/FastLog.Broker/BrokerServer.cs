using System.Net;
using System.Net.Sockets;
using FastLog.Broker.Delayed;
using FastLog.Broker.FetchSessions;
using FastLog.Broker.Groups;
using FastLog.Broker.Handlers;
using FastLog.Broker.Loggers;
using FastLog.Broker.Producers;
using FastLog.Broker.Requests;
using FastLog.Broker.Telemetry;
using FastLog.Broker.Topics;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker;

/// <summary>
/// One broker: wires metadata, partitions, handlers and sockets together, starts them from the ground up and stops
/// them from the top down, so that what was taken is answered and what was answered is on disk.
/// </summary>
public sealed class BrokerServer : IBrokerView, IAsyncDisposable
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(10);

    private readonly ClusterNode _node;
    private readonly TimerWheel _wheel;
    private readonly ProducerIds _producerIds;
    private readonly GroupService _groups;
    private readonly PinnedBlockPool _blocks = new();
    private readonly SocketListener _sockets;
    private readonly TimeProvider _time;
    private readonly RequestCounts _counts;
    private readonly TelemetryDesk _telemetry;
    private BrokerMetrics? _metrics;

    private BrokerServer(ClusterNode node, BrokerConfig config, ILoggerFactory loggers, TimeProvider time)
    {
        _node = node;
        _wheel = new TimerWheel(time);
        _producerIds = new ProducerIds(node);
        _groups = new GroupService(node, config, loggers, time);
        _time = time;
        _telemetry = new TelemetryDesk(this, config.TelemetryBytesMax, time);
        var handlers = CreateHandlers(config, new LoggerConfigs(config.NodeId, (loggers as ILeveledLoggers)?.Levels), time);
        var dispatcher = new RequestDispatcher(handlers);
        _counts = new RequestCounts(
            dispatcher.Errors, handlers.OfType<ProduceHandler>().Single(), handlers.OfType<FetchHandler>().Single(), _telemetry);
        _sockets = new SocketListener(
            OptionsFrom(config), dispatcher, _blocks, time, loggers.CreateLogger<SocketListener>())
        {
            FindConnectionsMax = () => _node.Config.ConnectionsMax,
        };
    }

    /// <inheritdoc/>
    public int NodeId => _node.NodeId;

    /// <inheritdoc/>
    public MetadataImage Image => _node.Controller.Current;

    /// <summary>Completes with the reason when the broker cannot go on: see <see cref="ClusterNode.Failed"/>.</summary>
    public Task<string> Failed => _node.Failed;

    /// <summary>The partitions led here; for tests.</summary>
    internal ReplicaRegistry Replicas => _node.Replicas;

    /// <summary>Where clients connect, in the order of <c>listeners</c>: the listener's name and what it is bound to.</summary>
    public IReadOnlyList<(string Name, IPEndPoint EndPoint)> EndPoints { get; private set; } = [];

    /// <summary>Starts a broker; when this returns it serves clients.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used.</exception>
    /// <exception cref="IOException">A log directory or a listener's address cannot be taken.</exception>
    public static Task<BrokerServer> StartAsync(
        BrokerConfig config, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken) =>
        StartAsync(config, new PosixFileSystem(), loggers, time, cancellationToken);

    /// <summary>Starts a broker on any disk.</summary>
    internal static async Task<BrokerServer> StartAsync(
        BrokerConfig config,
        IFileSystem files,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var node = await ClusterNode
            .StartAsync(ClusterNodeOptions.From(config), files, loggers, time, cancellationToken)
            .ConfigureAwait(false);
        var server = new BrokerServer(node, config, loggers, time);
        try
        {
            server._wheel.Run();
            // Who connects finds a coordinator that loads, not none.
            await server._groups.Followed.ConfigureAwait(false);
            await server.ListenAsync(config).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Makes the broker's instruments, once; until then no clock is read for them. They end with the broker. Not done by
    /// the start, which has no time for it.
    /// </summary>
    public BrokerMetrics AttachMetrics() => _metrics ??= new BrokerMetrics(_node, _groups, _sockets, _time, _counts);

    /// <summary>Stops taking requests, answers those taken, flushes and marks the directories clean.</summary>
    public async ValueTask DisposeAsync()
    {
        _metrics?.Dispose();
        // Fetches that wait for records are answered with what there is, so that draining does not wait for them.
        _wheel.Stop();
        await _groups.DisposeAsync().ConfigureAwait(false);
        await _sockets.StopAsync(DrainTimeout).ConfigureAwait(false);
        await _sockets.DisposeAsync().ConfigureAwait(false);
        _blocks.Dispose();
        _wheel.Dispose();
        _producerIds.Dispose();
        await _node.StopAsync().ConfigureAwait(false);
    }

    private async Task ListenAsync(BrokerConfig config)
    {
        EndPoints =
        [
            .. config.Listeners.Select(listener => (listener.Name, Bind(listener))),
        ];
        if (config.AdvertisedListeners.Any(listener => listener.Port == 0))
        {
            // The system chose a port: clients must be told that one.
            await _node.AdvertiseAsync([.. config.AdvertisedListeners.Select(WithBoundPort)]).ConfigureAwait(false);
        }
    }

    private IPEndPoint Bind(Listener listener)
    {
        try
        {
            return _sockets.Start(listener.Name, listener.Host, listener.Port);
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen on {listener}: {e.Message}", e);
        }
    }

    private BrokerEndPoint WithBoundPort(Listener advertised)
    {
        var port = advertised.Port != 0
            ? advertised.Port
            : EndPoints.First(bound => bound.Name == advertised.Name).EndPoint.Port;
        return new BrokerEndPoint(advertised.Name, advertised.Host, port, (short)advertised.SecurityProtocol);
    }

    private List<RequestHandler> CreateHandlers(BrokerConfig config, LoggerConfigs loggers, TimeProvider time)
    {
        var replicas = _node.Replicas;
        var topics = new TopicCreation(_node.Controller, config);
        var apiVersions = new ApiVersionsHandler(this);
        List<RequestHandler> handlers =
        [
            apiVersions,
            new ProduceHandler(replicas, _wheel),
            new FetchHandler(
                replicas, _wheel, new FetchSessionCache(config.FetchSessionCacheSlotsMax, time), config.FetchBytesMax),
            new ListOffsetsHandler(replicas),
            new OffsetForLeaderEpochHandler(replicas),
            new DeleteRecordsHandler(replicas),
            new MetadataHandler(this, topics),
            new DescribeClusterHandler(this),
            new DescribeTopicPartitionsHandler(this, config.RequestPartitionsMax),
            new CreateTopicsHandler(_node.Controller, _node.LiveConfig),
            new DeleteTopicsHandler(_node.Controller),
            new CreatePartitionsHandler(_node.Controller),
            new DescribeConfigsHandler(this, _node.LiveConfig, loggers),
            new AlterConfigsHandler(_node.Controller),
            new IncrementalAlterConfigsHandler(_node.Controller, loggers),
            new ListClientMetricsResourcesHandler(this),
            new GetTelemetrySubscriptionsHandler(_telemetry),
            new PushTelemetryHandler(_telemetry),
            new InitProducerIdHandler(_producerIds),
            .. GroupHandlers(topics),
            .. OperatorHandlers(),
        ];
        apiVersions.Apis = [.. handlers.Select(handler => ApiCatalog.Get(handler.ApiKey)).OrderBy(api => api.Key)];
        return handlers;
    }

    private List<RequestHandler> GroupHandlers(TopicCreation topics)
    {
        var groups = _groups.Coordinator;
        return
        [
            new FindCoordinatorHandler(this, topics, _groups),
            new JoinGroupHandler(groups),
            new SyncGroupHandler(groups),
            new HeartbeatHandler(groups),
            new LeaveGroupHandler(groups),
            new ConsumerGroupHeartbeatHandler(groups),
            new OffsetCommitHandler(groups),
            new OffsetFetchHandler(groups),
            new OffsetDeleteHandler(groups),
            new ListGroupsHandler(groups),
            new DescribeGroupsHandler(groups),
            new ConsumerGroupDescribeHandler(groups),
            new DeleteGroupsHandler(groups),
        ];
    }

    private List<RequestHandler> OperatorHandlers() =>
    [
        new DescribeLogDirsHandler(_node),
        new AlterReplicaLogDirsHandler(_node),
        new DescribeProducersHandler(_node.Replicas),
        new DescribeTransactionsHandler(),
        new ListTransactionsHandler(),
        new DescribeQuorumHandler(_node, _time),
        new UpdateFeaturesHandler(this, _node.Controller),
        new ElectLeadersHandler(_node.Controller),
        new AlterPartitionReassignmentsHandler(_node.Controller),
        new ListPartitionReassignmentsHandler(this),
        new UnregisterBrokerHandler(this, _node.Controller),
    ];

    private static NetworkOptions OptionsFrom(BrokerConfig config)
    {
        var defaults = new NetworkOptions();
        return defaults with
        {
            SocketRequestBytesMax = config.SocketRequestBytesMax,
            // Kafka bounds queued requests by their number (queued.max.requests) unless bytes are given; we by bytes.
            QueuedBytesMax = config.QueuedRequestBytesMax > 0 ? config.QueuedRequestBytesMax : defaults.QueuedBytesMax,
            ConnectionsMax = config.ConnectionsMax,
            ConnectionsIdleMsMax = config.ConnectionsIdleMsMax,
            SocketListenBacklog = config.SocketListenBacklogSize,
        };
    }
}
