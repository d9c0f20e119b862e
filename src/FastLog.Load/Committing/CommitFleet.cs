using FastLog.Client;
using FastLog.Load.Connecting;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Pacing;
using FastLog.Load.Results;

namespace FastLog.Load.Committing;

/// <summary>All connections of a load that commits, and all groups.</summary>
internal sealed class CommitFleet : IMeasuredFlow, IAsyncDisposable
{
    /// <summary>How long commits on their way may take to be answered after the user ended the load.</summary>
    private static readonly TimeSpan InterruptedDrain = TimeSpan.FromSeconds(1);

    private readonly LoadTarget _target;
    private readonly CommitSettings _settings;
    private readonly LoadStop _stop;
    private readonly CoordinatorConnections _connections;
    private readonly IReadOnlyList<CommitGroup> _groups;
    private readonly List<CommitLane> _lanes;
    private readonly CommitRecorder _recorder = new();
    private readonly OpenLoop? _openLoop;
    private long _refusalsBefore;

    private CommitFleet(
        LoadTarget target, CommitSettings settings, LoadStop stop, IReadOnlyList<CommitGroup> groups, CoordinatorConnections connections)
    {
        _target = target;
        _settings = settings;
        _stop = stop;
        _groups = groups;
        _connections = connections;
        _lanes = [.. connections.All.Select((connection, index) => new CommitLane(
            connection,
            [.. groups.Where((_, group) => group % connections.All.Count == index)],
            target.Topic,
            settings,
            _recorder,
            stop))];
        _openLoop = settings.RateCommitsPerSecond is { } rate ? new OpenLoop(_lanes, rate) : null;
    }

    /// <summary>Commits acknowledged.</summary>
    public long Count => _recorder.Count;

    /// <inheritdoc/>
    public LatencyRecorder Latency => _recorder.Latency;

    /// <summary>What commits that were not acknowledged were answered with.</summary>
    public IReadOnlyDictionary<string, long> ErrorsByName => _recorder.Errors.ByName();

    /// <summary>Connects, and waits until the coordinator of every group is ready.</summary>
    public static async Task<CommitFleet> OpenAsync(LoadTarget target, CommitSettings settings, LoadStop stop)
    {
        long start = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() & uint.MaxValue;
        CommitGroup[] groups = [.. Enumerable.Range(0, settings.GroupsCount)
            .Select(index => new CommitGroup($"{settings.GroupPrefix}-{index}", index, settings.PartitionsCount, start))];
        CoordinatorConnections connections = await CoordinatorConnections.OpenAsync(
            target,
            [.. groups.Select(group => group.Id)],
            Math.Min(settings.ConnectionsCount, groups.Length),
            continuesOnReadLoop: true,
            stop.Token).ConfigureAwait(false);
        CommitFleet fleet = new(target, settings, stop, groups, connections);
        try
        {
            await fleet.JudgeAsync().ConfigureAwait(false);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends all of a quota and waits until all of it is answered, or the load is to end.</summary>
    public async Task RunAsync(LoadQuota quota)
    {
        if (_openLoop is not null)
        {
            await _openLoop.RunAsync(quota, _stop.Token).ConfigureAwait(false);
        }
        else
        {
            for (int i = 0; i < _lanes.Count; i++)
            {
                _lanes[i].RunClosed(quota.ShareOf(i, _lanes.Count), quota.UntilNs);
            }
        }

        Task drained = Task.WhenAll(_lanes.Select(lane => lane.DrainAsync()));
        Task ending = Task.Delay(Timeout.InfiniteTimeSpan, _stop.Token);
        if (await Task.WhenAny(drained, ending).ConfigureAwait(false) == ending)
        {
            await Task.WhenAny(drained, Task.Delay(InterruptedDrain)).ConfigureAwait(false);
        }

        _stop.ThrowIfFailed();
    }

    /// <summary>Holds what the broker keeps against what it acknowledged.</summary>
    /// <returns>How many offsets were looked at; nothing may be on its way.</returns>
    /// <exception cref="LoadFailedException">One is another than it must be.</exception>
    public async Task<long> JudgeAsync()
    {
        KeptOffsets kept = new(_connections.All[0], _target.Topic, _settings.PartitionsCount);
        return await kept.JudgeAsync(_groups, _stop.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void BeginAnew()
    {
        _recorder.Clear();
        _refusalsBefore = _lanes.Sum(lane => lane.RefusalsCount);
    }

    /// <inheritdoc/>
    public FlowResult Flow(long startNs)
    {
        long count = _recorder.Count;
        return new FlowResult
        {
            ClientsCount = _lanes.Count,
            RecordsCount = count,
            BytesCount = 0,
            BatchesCount = count,
            Seconds = count == 0 ? 0 : (_recorder.LastAtNs - startNs) / 1e9,
        };
    }

    /// <summary>How well the times of an open loop were kept; null for a closed one.</summary>
    public PacingSummary? Pacing() => _openLoop?.Summary(_lanes.Sum(lane => lane.RefusalsCount) - _refusalsBefore);

    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
