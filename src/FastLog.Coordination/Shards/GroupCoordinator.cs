using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Coordination;

/// <summary>
/// The group coordinator of a broker: one shard for each partition of <c>__consumer_offsets</c> that it leads. Shards are
/// loaded in the background, so a start does not wait for them; requests about their groups are answered with
/// COORDINATOR_LOAD_IN_PROGRESS meanwhile, which clients repeat.
/// </summary>
public sealed class GroupCoordinator : IDisposable
{
    private readonly GroupCoordinatorOptions _options;
    private readonly ShardRunnerOptions _runnerOptions;
    private readonly Func<Guid> _newId;
    private readonly Lock _changes = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly ITimer _retention;
    private ShardRunner?[] _runners = [];
    private bool _isDisposed;

    /// <summary>A coordinator without shards.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="runnerOptions">What all shards share.</param>
    /// <param name="newId">Gives a new id, unlike all others.</param>
    public GroupCoordinator(GroupCoordinatorOptions options, ShardRunnerOptions runnerOptions, Func<Guid> newId)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(runnerOptions);
        _options = options;
        _runnerOptions = runnerOptions;
        _newId = newId;
        var period = TimeSpan.FromMilliseconds(options.OffsetsRetentionCheckIntervalMs);
        _retention = runnerOptions.Time.CreateTimer(_ => ExpireOffsets(), null, period, period);
    }

    /// <summary>The shards led here that take requests or will.</summary>
    public IEnumerable<ShardRunner> Runners => Volatile.Read(ref _runners).OfType<ShardRunner>();

    /// <summary>Follows which partitions of <c>__consumer_offsets</c> are led here, and by which logs.</summary>
    /// <param name="logs">By partition; null for one that is not led here. Empty while the topic does not exist.</param>
    public void Follow(IReadOnlyList<ICoordinatorLog?> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        lock (_changes)
        {
            if (_isDisposed)
            {
                return;
            }

            var before = _runners;
            var after = new ShardRunner?[logs.Count];
            for (var i = 0; i < Math.Max(before.Length, after.Length); i++)
            {
                var runner = i < before.Length ? before[i] : null;
                var log = i < after.Length ? logs[i] : null;
                if (runner is not null && !ReferenceEquals(runner.Log, log))
                {
                    runner.Dispose();
                    runner = null;
                }

                if (i < after.Length)
                {
                    after[i] = runner ?? (log is null ? null : Begin(log));
                }
            }

            Volatile.Write(ref _runners, after);
        }
    }

    /// <summary>One turn of the shard that keeps a group.</summary>
    /// <param name="groupId">The group.</param>
    /// <param name="decide">What to do with the shard.</param>
    /// <param name="refuse">Called instead with NOT_COORDINATOR, COORDINATOR_LOAD_IN_PROGRESS or UNKNOWN_SERVER_ERROR.</param>
    public void Run(string groupId, Action<GroupShard, Turn> decide, Action<ErrorCode> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        var runners = Volatile.Read(ref _runners);
        var runner = runners.Length == 0 ? null : runners[CoordinatorPartition.For(groupId, runners.Length)];
        if (runner is null || runner.Log.IsFailed)
        {
            refuse(ErrorCode.NotCoordinator);
        }
        else
        {
            runner.Run(decide, refuse);
        }
    }

    /// <summary>Offsets of topics that were deleted go.</summary>
    /// <param name="topics">Names of the topics.</param>
    public void DeleteTopics(IReadOnlySet<string> topics)
    {
        foreach (var runner in Runners)
        {
            runner.RunForAll((shard, turn, id) => shard.DeleteTopics(turn, id, topics));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_changes)
        {
            _isDisposed = true;
            _ending.Cancel();
            _retention.Dispose();
            foreach (var runner in Runners)
            {
                runner.Dispose();
            }
        }
    }

    private void ExpireOffsets()
    {
        foreach (var runner in Runners)
        {
            runner.RunForAll((shard, turn, id) => shard.ExpireOffsets(turn, id));
        }
    }

    private ShardRunner Begin(ICoordinatorLog log)
    {
        var runner = new ShardRunner(new GroupShard(_options, _newId), log, _runnerOptions);
        if (log.EndOffset == log.StartOffset)
        {
            // Nothing to read: a group that is new need not be told to come again.
            runner.Load(CancellationToken.None);
        }
        else
        {
            _ = Task.Run(() => LoadInBackground(runner));
        }

        return runner;
    }

    private void LoadInBackground(ShardRunner runner)
    {
#pragma warning disable CA1031 // A load that fails in a way nobody thought of must be told, not lost in a task.
        try
        {
            runner.Load(_ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The broker stops.
        }
        catch (Exception e)
        {
            _runnerOptions.Logger.LogError(e, "{Log}: its groups cannot be loaded and are not served", runner.Log);
            runner.Unload(ErrorCode.NotCoordinator);
        }
#pragma warning restore CA1031
    }
}
