using FastLog.Client;
using FastLog.Load.Connecting;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Membership;

/// <summary>All members of all groups of a load.</summary>
internal sealed class MemberFleet : IMeasuredFlow, IAsyncDisposable
{
    private static readonly TimeSpan LeaveTimeMax = TimeSpan.FromSeconds(10);

    private readonly GroupSettings _settings;
    private readonly LoadStop _stop;
    private readonly CancellationTokenSource _ending;
    private readonly CoordinatorConnections _connections;
    private readonly LoadGroup[] _groups;
    private readonly List<GroupMember> _members = [];
    private Task _running = Task.CompletedTask;

    private MemberFleet(
        GroupSettings settings, LoadStop stop, TopicMetadata topic, IReadOnlyList<string> groupIds, CoordinatorConnections connections)
    {
        _settings = settings;
        _stop = stop;
        _ending = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        _connections = connections;
        Counts = new MemberCounts(groupIds.Count);
        _groups = [.. groupIds.Select(id => new LoadGroup(id, settings.MembersPerGroup, topic.Partitions.Count, Counts))];
        for (int i = 0; i < _groups.Length * settings.MembersPerGroup; i++)
        {
            _members.Add(NewMember(i, topic));
        }
    }

    /// <summary>What all members did.</summary>
    public MemberCounts Counts { get; }

    /// <inheritdoc/>
    public LatencyRecorder Latency => Counts.Latency;

    /// <summary>How many members there are.</summary>
    public int MembersCount => _members.Count;

    /// <summary>How many connections they share.</summary>
    public int ConnectionsCount => _connections.All.Count;

    /// <summary>Connects; nobody joins yet.</summary>
    public static async Task<MemberFleet> OpenAsync(LoadTarget target, GroupSettings settings, LoadStop stop)
    {
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = target.BootstrapServers });
        TopicMetadata topic = await admin.DescribeTopicAsync(target.Topic, stop.Token).ConfigureAwait(false);
        string[] groupIds = [.. Enumerable.Range(0, settings.GroupsCount).Select(index => $"{settings.GroupPrefix}-{index}")];
        int connectionsCount = settings.ConnectionsCount * (settings.IsConsumerProtocol ? 1 : 2);
        CoordinatorConnections connections = await CoordinatorConnections.OpenAsync(
            target, groupIds, connectionsCount, continuesOnReadLoop: false, stop.Token).ConfigureAwait(false);
        return new MemberFleet(settings, stop, topic, groupIds, connections);
    }

    /// <summary>Has all members join, and waits until every group is stable.</summary>
    /// <exception cref="LoadFailedException">That takes too long.</exception>
    public async Task FormAsync()
    {
        // First all get their ids: those who join then come so close together that no group has to rebalance twice.
        await Task.WhenAll(_members.Select(member => member.IdentifyAsync(_ending.Token))).ConfigureAwait(false);
        _running = Task.WhenAll(_members.Select(RunAsync));
        Task limit = Task.Delay(_settings.StableTimeoutMs, _stop.Token);
        if (await Task.WhenAny(Counts.AllStable, limit).ConfigureAwait(false) == limit)
        {
            _stop.ThrowIfFailed();
            _stop.Token.ThrowIfCancellationRequested();
            throw new LoadFailedException(
                $"{Counts.StableCount} of {_groups.Length} groups were stable after {_settings.StableTimeoutMs} ms; "
                + $"{_groups[0].Describe()}; errors: {string.Join(", ", Counts.Errors.ByName())}");
        }
    }

    /// <summary>Lets heartbeats run for a time, or until the load is to end.</summary>
    public async Task RestAsync(TimeSpan duration)
    {
        await Task.WhenAny(Task.Delay(duration, _stop.Token)).ConfigureAwait(false);
        _stop.ThrowIfFailed();
        if (Counts.StableCount < _groups.Length && !_stop.Token.IsCancellationRequested)
        {
            throw new LoadFailedException($"only {Counts.StableCount} of {_groups.Length} groups are stable at the end");
        }
    }

    /// <summary>Has all members leave.</summary>
    public async Task LeaveAsync()
    {
        await EndAsync().ConfigureAwait(false);
        using CancellationTokenSource limit = new(LeaveTimeMax);
        await Task.WhenAll(_members.Select(member => member.LeaveAsync(limit.Token))).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void BeginAnew() => Counts.Clear();

    /// <inheritdoc/>
    public FlowResult Flow(long startNs)
    {
        long count = Counts.HeartbeatsCount;
        return new FlowResult
        {
            ClientsCount = _members.Count,
            RecordsCount = count,
            BytesCount = 0,
            BatchesCount = count,
            Seconds = count == 0 ? 0 : (Counts.LastAtNs - startNs) / 1e9,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        await _connections.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
    }

    private GroupMember NewMember(int number, TopicMetadata topic)
    {
        LoadGroup group = _groups[number / _settings.MembersPerGroup];
        int index = number % _settings.MembersPerGroup;
        BrokerConnection connection = _connections.All[number % _settings.ConnectionsCount];
        if (_settings.IsConsumerProtocol)
        {
            return new ConsumerMember(group, index, connection, topic, _settings, Counts);
        }

        BrokerConnection waiting = _connections.All[_settings.ConnectionsCount + (number % _settings.ConnectionsCount)];
        double share = (number + 1.0) / (_groups.Length * _settings.MembersPerGroup);
        TimeSpan firstBeat = TimeSpan.FromMilliseconds(_settings.HeartbeatIntervalMs * share);
        return new ClassicMember(group, index, connection, waiting, topic, _settings, Counts, firstBeat);
    }

    private async Task RunAsync(GroupMember member)
    {
        try
        {
            await member.RunAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The load is over.
        }
        catch (Exception e) when (e is KafkaException or Network.ConnectionLostException)
        {
            _stop.Fail(new LoadFailedException($"a member is gone: {e.Message}", e));
        }
    }

    private async Task EndAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }
}
