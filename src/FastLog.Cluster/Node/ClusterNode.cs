using FastLog.Cluster.Configs;
using FastLog.Raft;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// One node: its log directories, its metadata log and controller, and the partitions it leads.
/// <para>Lifecycle: <see cref="StartAsync(BrokerConfig, ILoggerFactory, TimeProvider, CancellationToken)"/> returns
/// when all partitions can be served; <see cref="StopAsync"/> once nobody appends any more.</para>
/// </summary>
public sealed class ClusterNode : IAsyncDisposable
{
    private readonly IReadOnlyList<LogDirectory> _directories;
    private readonly MetadataLog _metadata;
    private readonly NodeUpkeep _upkeep;
    private readonly LogCleaner _cleaner;
    private readonly ILogger<ClusterNode> _logger;
    private readonly ClusterNodeOptions _options;
    private readonly Guid _incarnationId;
    private readonly DirectoryWatch _watch;
    private long _brokerEpoch;
    private int _isStopped;

    private ClusterNode(
        ClusterNodeOptions options,
        string clusterId,
        Guid incarnationId,
        IReadOnlyList<LogDirectory> directories,
        MetadataLog metadata,
        Controller controller,
        ReplicaRegistry replicas,
        NodeUpkeep upkeep,
        DirectoryWatch watch,
        LogCleaner cleaner,
        ILogger<ClusterNode> logger)
    {
        _watch = watch;
        _options = options;
        _incarnationId = incarnationId;
        _directories = directories;
        _metadata = metadata;
        _upkeep = upkeep;
        _cleaner = cleaner;
        _logger = logger;
        ClusterId = clusterId;
        LogDirectoryPaths = [.. options.LogDirectories.Select(FastLog.Cluster.LogDirectories.FullPath)];
        Controller = controller;
        Replicas = replicas;
    }

    /// <summary>This broker's node.id.</summary>
    public int NodeId => _options.NodeId;

    /// <summary>The cluster's id: 22 characters of base64url.</summary>
    public string ClusterId { get; }

    /// <summary>Offset of the record that registered this run of the broker.</summary>
    public long BrokerEpoch => Volatile.Read(ref _brokerEpoch);

    /// <summary>Makes and removes topics, and has the image.</summary>
    public Controller Controller { get; }

    /// <summary>The newest image.</summary>
    public MetadataImage Image => Controller.Current;

    /// <summary>The configuration in force: what was given at start, and over it what was set at run time.</summary>
    public BrokerConfig Config => _options.Config.In(Image);

    /// <summary>The configuration in force, for whoever has an image of his own.</summary>
    public LiveBrokerConfig LiveConfig => _options.Config;

    /// <summary>The partitions led here.</summary>
    public ReplicaRegistry Replicas { get; }

    /// <summary>The metadata log, for DescribeQuorum.</summary>
    public MetadataLog Metadata => _metadata;

    /// <summary>The log directories that could be opened, in the order of log.dirs.</summary>
    public IReadOnlyList<LogDirectory> LogDirectories => _directories;

    /// <summary>The paths of log.dirs as configured, made absolute; those that could not be opened too.</summary>
    public IReadOnlyList<string> LogDirectoryPaths { get; }

    /// <summary>The threads that compact logs.</summary>
    public LogCleaner Cleaner => _cleaner;

    /// <summary>
    /// Completes with the reason when the node cannot go on: the directory with the metadata has failed, or all have.
    /// The process is to end then without a clean stop, as Kafka's does.
    /// </summary>
    public Task<string> Failed => _watch.Failed;

    /// <summary>Starts a node as a broker's configuration says.</summary>
    /// <param name="config">The configuration; advertised listeners must have ports.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up between two steps.</param>
    /// <exception cref="IOException">A log directory cannot be used; the message says which and why.</exception>
    /// <exception cref="RaftException">The metadata log cannot be used.</exception>
    public static Task<ClusterNode> StartAsync(
        BrokerConfig config, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellation = default) =>
        StartAsync(ClusterNodeOptions.From(config), new PosixFileSystem(), loggers, time, cancellation);

    /// <summary>Starts a node on any disk.</summary>
    /// <param name="options">What to start.</param>
    /// <param name="files">The disk.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Gives up between two steps.</param>
    /// <exception cref="IOException">A log directory cannot be used; the message says which and why.</exception>
    /// <exception cref="RaftException">The metadata log cannot be used.</exception>
    public static async Task<ClusterNode> StartAsync(
        ClusterNodeOptions options,
        IFileSystem files,
        ILoggerFactory loggers,
        TimeProvider time,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        var opened = await FastLog.Cluster.LogDirectories.OpenAsync(
            options, files, time, loggers.CreateLogger<LogDirectory>()).ConfigureAwait(false);
        try
        {
            var node = await BuildAsync(options, opened, files, loggers, time).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            await node.RegisterAsync(files).ConfigureAwait(false);
            node.Replicas.Open(node.Image);
            node._upkeep.Start(options, () => node.Config, time);
            node._cleaner.Start(node.Config.Cleaner);
            node._logger.LogInformation(
                "Node {NodeId} of cluster {ClusterId} started: {Topics} topic(s), broker epoch {Epoch}",
                options.NodeId,
                opened.ClusterId,
                node.Image.TopicsCount,
                node.BrokerEpoch);
            return node;
        }
        catch
        {
            await FastLog.Cluster.LogDirectories.CloseAsync(opened.Opened).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Tells clients other end points than those of the start: a listener on port 0 knows its port only once it is open.
    /// </summary>
    /// <param name="endPoints">Where clients reach the broker.</param>
    /// <exception cref="RaftException">The metadata log cannot be written.</exception>
    public async Task AdvertiseAsync(IReadOnlyList<BrokerEndPoint> endPoints)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        await Controller.UpdateBrokerAsync(Registration(endPoints), BrokerEpoch).ConfigureAwait(false);
        await _watch.LoseAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Syncs everything, tells those who still wait that nobody leads here any more, and leaves the clean-shutdown
    /// marker. Call it when no request is being worked on.
    /// </summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 1)
        {
            return;
        }
        await Controller.CloseAsync().ConfigureAwait(false);
        _upkeep.Dispose();
        _cleaner.Dispose();
        foreach (var directory in _directories)
        {
            directory.FlushAll();
        }
        _upkeep.CheckpointHighWatermarks();
        Replicas.Close();
        await FastLog.Cluster.LogDirectories.CloseAsync(_directories).ConfigureAwait(false);
        _metadata.Dispose();
        _logger.LogInformation("Node {NodeId} stopped", NodeId);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private static async Task<ClusterNode> BuildAsync(
        ClusterNodeOptions options,
        LogDirectories opened,
        IFileSystem files,
        ILoggerFactory loggers,
        TimeProvider time)
    {
        var directories = opened.Opened;
        var clusterId = opened.ClusterId;
        var store = new ReplicaStore(
            directories,
            opened.AreAllOpen,
            options.RecoveryThreadsPerDirectory,
            time,
            loggers.CreateLogger<ReplicaStore>());
        var replicas = new ReplicaRegistry(
            options.NodeId, store, options.Config.TopicSettingsIn, loggers.CreateLogger<ReplicaRegistry>());
        var state = new ControllerState(options.Controller, RandomIds.New);
        var cleaner = new LogCleaner(
            directories, found => LastStableOffsetOf(replicas, found), time, loggers.CreateLogger<LogCleaner>());
        var follower = new ConfigFollower(options.Config, directories, cleaner, loggers.CreateLogger<ConfigFollower>());
        var controller = new Controller(
            clusterId,
            state,
            delta =>
            {
                replicas.Apply(delta);
                follower.Apply(delta);
            },
            loggers.CreateLogger<Controller>());
        var log = directories[0].CreateOrOpen(MetadataLog.Partition, MetadataLog.TopicId, MetadataLog.Config);
        var metadata = await MetadataLog.OpenAsync(
            log, files, options.NodeId, controller, time, loggers.CreateLogger<MetadataLog>()).ConfigureAwait(false);
        controller.Attach(metadata);
        var upkeep = new NodeUpkeep(directories, replicas, loggers.CreateLogger<NodeUpkeep>());
        return new ClusterNode(
            options,
            clusterId,
            RandomIds.New(),
            directories,
            metadata,
            controller,
            replicas,
            upkeep,
            new DirectoryWatch(directories, controller, options.NodeId, loggers.CreateLogger<DirectoryWatch>()),
            cleaner,
            loggers.CreateLogger<ClusterNode>());
    }

    // Only what is led here is cleaned: of another log nobody here knows how far it is stable.
    private static long? LastStableOffsetOf(ReplicaRegistry replicas, PartitionLog log) =>
        replicas.Find(log.Partition.Topic, log.Partition.Partition) is { } partition && ReferenceEquals(partition.Log, log)
            ? partition.LastStableOffset
            : null;

    private async Task RegisterAsync(IFileSystem files)
    {
        // Only a cluster without any metadata begins with what its directory was formatted with.
        var path = Path.Combine(_directories[0].DirectoryPath, MetadataSnapshot.BootstrapFileName);
        var formatted = Image.Features.Count == 0 && files.FileExists(path) ? MetadataSnapshot.Read(files, path).Records : null;
        var found = StoredReplicas.FindUnlessKnown(Image, NodeId, _directories);
        var epoch = await Controller
            .StartBrokerAsync(Registration(_options.EndPoints), found, formatted)
            .ConfigureAwait(false);
        await _watch.LoseAsync().ConfigureAwait(false);
        StoredReplicas.TellOffline(Image, NodeId, _logger);
        Volatile.Write(ref _brokerEpoch, epoch);
        foreach (var directory in _directories)
        {
            directory.BrokerEpoch = epoch;
        }
    }

    private BrokerRegistration Registration(IReadOnlyList<BrokerEndPoint> endPoints) => new()
    {
        BrokerId = NodeId,
        IncarnationId = _incarnationId,
        EndPoints = endPoints,
        Rack = _options.Rack,
        LogDirectoryIds = [.. _directories.Where(directory => !directory.IsOffline).Select(directory => directory.DirectoryId)],
    };
}
