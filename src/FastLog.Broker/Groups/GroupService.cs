using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Coordination;
using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker.Groups;

/// <summary>
/// Keeps the group coordinator in line with the metadata: which partitions of <c>__consumer_offsets</c> are led here, and
/// which topics are gone. Changes are followed one after another, in the background of those who made them.
/// </summary>
internal sealed class GroupService : IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly int _readBytesMax;
    private readonly ILogger<GroupCoordinator> _logger;
    private readonly Lock _following = new();
    private ImageTopics _topics;
    private Task _followed = Task.CompletedTask;
    private bool _isDisposed;

    public GroupService(ClusterNode node, BrokerConfig config, ILoggerFactory loggers, TimeProvider time)
    {
        _node = node;
        _readBytesMax = config.OffsetsLoadBufferBytes;
        _logger = loggers.CreateLogger<GroupCoordinator>();
        _topics = new ImageTopics(node.Image);
        var runnerOptions = new ShardRunnerOptions(
            CurrentTopics,
            (CompressionType)config.OffsetsTopicCompressionCodec,
            new SteadyClock(time),
            time,
            _logger);
        var isConsumerNamed = config.GroupRebalanceProtocols.Contains("consumer");
        var options = OptionsFrom(config) with
        {
            IsConsumerEnabled = () => isConsumerNamed && node.Image.Features.GetValueOrDefault(FeatureLevels.GroupVersion) > 0,
            ConsumerLimitsOf = LimitsOf,
        };
        Coordinator = new GroupCoordinator(options, runnerOptions, Guid.NewGuid);
        node.Controller.Published += Follow;
        Follow(deleted: []);
    }

    /// <summary>The coordinator.</summary>
    public GroupCoordinator Coordinator { get; }

    /// <summary>Completes when all changes so far have been followed: a topic just created has its coordinators then.</summary>
    public Task Followed
    {
        get
        {
            lock (_following)
            {
                return _followed;
            }
        }
    }

    /// <summary>Answers all who wait, and writes nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        _node.Controller.Published -= Follow;
        lock (_following)
        {
            _isDisposed = true;
        }

        await Followed.ConfigureAwait(false);
        Coordinator.Dispose();
    }

    private static GroupCoordinatorOptions OptionsFrom(BrokerConfig config) => new()
    {
        IsClassicEnabled = config.GroupRebalanceProtocols.Contains("classic"),
        ClassicSessionTimeoutMsMin = config.GroupSessionTimeoutMsMin,
        ClassicSessionTimeoutMsMax = config.GroupSessionTimeoutMsMax,
        InitialRebalanceDelayMs = config.GroupInitialRebalanceDelayMs,
        ClassicMembersMax = config.GroupMembersMax,
        ConsumerMembersMax = config.GroupConsumerMembersMax,
        ConsumerAssignors = config.GroupConsumerAssignors,
        MayUpgrade = config.GroupConsumerMigrationPolicy.HasFlag(GroupMigrationPolicy.Upgrade),
        MayDowngrade = config.GroupConsumerMigrationPolicy.HasFlag(GroupMigrationPolicy.Downgrade),
        OffsetMetadataBytesMax = config.OffsetMetadataBytesMax,
        OffsetsRetentionMs = config.OffsetsRetentionMs,
        OffsetsRetentionCheckIntervalMs = config.OffsetsRetentionCheckIntervalMs,
    };

    private ConsumerGroupLimits LimitsOf(string groupId)
    {
        var settings = _node.LiveConfig.GroupSettingsIn(_node.Image, groupId);
        return new ConsumerGroupLimits(settings.ConsumerSessionTimeoutMs, settings.ConsumerHeartbeatIntervalMs);
    }

    private ImageTopics CurrentTopics()
    {
        var image = _node.Image;
        var topics = Volatile.Read(ref _topics);
        if (!ReferenceEquals(topics.Image, image))
        {
            Volatile.Write(ref _topics, topics = new ImageTopics(image));
        }

        return topics;
    }

    private void Follow(MetadataDelta delta)
    {
        var deleted = delta.RemovedTopics.Select(topic => topic.Name).ToHashSet(StringComparer.Ordinal);
        if (deleted.Count > 0 || delta.TouchedTopicIds.Any(IsOffsetsTopic))
        {
            Follow(deleted);
        }
    }

    private bool IsOffsetsTopic(Guid id) => _node.Image.FindTopic(id)?.Name == InternalTopics.ConsumerOffsets;

    private void Follow(HashSet<string> deleted)
    {
        lock (_following)
        {
            if (!_isDisposed)
            {
                _followed = _followed.ContinueWith(
                    _ => FollowNow(deleted), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    private void FollowNow(HashSet<string> deleted)
    {
#pragma warning disable CA1031 // What goes wrong with one change must not keep the coordinator from following the next.
        try
        {
            FollowLogs();
            if (deleted.Count > 0)
            {
                Coordinator.DeleteTopics(deleted);
            }
        }
        catch (Exception e)
        {
            _logger.LogError(e, "The group coordinator cannot follow a change of the metadata");
        }
#pragma warning restore CA1031
    }

    private void FollowLogs()
    {
        var count = _node.Image.FindTopic(InternalTopics.ConsumerOffsets)?.PartitionsCount ?? 0;
        var known = Coordinator.Runners.Select(runner => (PartitionCoordinatorLog)runner.Log).ToList();
        var logs = new ICoordinatorLog?[count];
        for (var i = 0; i < count; i++)
        {
            if (_node.Replicas.Find(InternalTopics.ConsumerOffsets, i) is { } partition)
            {
                logs[i] = known.Find(log => ReferenceEquals(log.Partition, partition))
                    ?? new PartitionCoordinatorLog(partition, _readBytesMax);
            }
        }

        Coordinator.Follow(logs);
    }
}
