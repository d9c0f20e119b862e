namespace FastLog.Coordination.Tests.Simulation;

/// <summary>
/// One history of a coordinator and its clients, told by a seed: a time of noise, then one of quiet, at whose end every
/// group is complete.
/// </summary>
internal sealed class CoordinatorSimulation
{
    private const int QuietMsMax = 240_000;
    private const int ConsumersMax = 5;

    private readonly SimulatedWorld _world;
    private readonly SimulatedCoordinator _coordinator;
    private readonly OffsetModel _offsets = new();
    private readonly List<SimulatedGroup> _groups;

    public CoordinatorSimulation(int seed, params SimulatedGroup.GroupKind[] kinds)
    {
        _world = new SimulatedWorld(seed);
        _world.Topics = SimulatedTopics.None.With("topic-0", _world.Random.Next(1, 7)).With("topic-1", _world.Random.Next(1, 5));
        var options = new GroupCoordinatorOptions
        {
            InitialRebalanceDelayMs = _world.Random.Next(2) * 3_000,
            ConsumerAssignors = _world.Random.Next(2) == 0 ? ["uniform", "range"] : ["range", "uniform"],
            ConsumerLimitsOf = static _ =>
                new ConsumerGroupLimits(ModernConsumer.SessionTimeoutMs, ModernConsumer.HeartbeatIntervalMs),
        };
        _coordinator = new SimulatedCoordinator(_world, options) { OnLoaded = OnLoaded };
        var network = new SimulatedNetwork(_world, _coordinator);
        _groups = [.. kinds.Select(kind => new SimulatedGroup(_world, network, _offsets, kind))];
    }

    public string Trail => _world.Trail;

    public void Run(int noiseMs)
    {
        _coordinator.Start();
        MakeNoise();
        RunUntil(_world.Time.NowMs + noiseMs, static () => false);
        _world.Note("quiet");
        _world.IsNoisy = false;
        RunUntil(_world.Time.NowMs + SimulatedNetwork.RepetitionDelayMsMax, static () => false);
        _groups.ForEach(group => group.Reconnect());
        string? why = "it has not begun";
        var nextLookMs = 0L;
        RunUntil(_world.Time.NowMs + QuietMsMax, () =>
        {
            if (_world.Time.NowMs >= nextLookMs)
            {
                nextLookMs = _world.Time.NowMs + 500;
                why = _coordinator.Shard is { } shard
                    ? _groups.Select(group => group.WhyIncomplete(shard)).FirstOrDefault(reason => reason is not null)
                    : "there is no coordinator";
            }

            return why is null;
        });
        SimulationFailure.Unless(why is null, () => $"after {QuietMsMax} ms of quiet: {why}");
    }

    private void RunUntil(long untilMs, Func<bool> isDone)
    {
        while (_world.Time.RunNext(untilMs))
        {
            foreach (var group in _groups)
            {
                group.Check(_coordinator.Shard);
            }

            _coordinator.CheckThatNobodyWaitsTooLong();
            if (isDone())
            {
                return;
            }
        }

        // When nobody is left nothing happens any more.
        isDone();
    }

    private void OnLoaded(GroupShard shard)
    {
        _offsets.CheckAll(shard.Offsets);
        _groups.ForEach(group => group.CheckLoaded(shard));
    }

    private void MakeNoise()
    {
        if (!_world.IsNoisy)
        {
            return;
        }

        Disturb(_groups[_world.Random.Next(_groups.Count)]);
        _world.Time.After(_world.Random.Next(10) < 7 ? _world.Random.Next(1_500) : _world.Random.Next(15_000), MakeNoise);
    }

    private void Disturb(SimulatedGroup group)
    {
        var alive = group.Alive;
        var chosen = alive.Count == 0 ? null : alive[_world.Random.Next(alive.Count)];
        switch (_world.Random.Next(22))
        {
            case <= 7 when alive.Count < ConsumersMax:
                group.Add(RandomTopics());
                break;
            case <= 9 when chosen is not null:
                _world.Note($"{chosen.Name} closes");
                chosen.Close();
                break;
            case <= 12 when chosen is not null:
                _world.Note($"{chosen.Name} is killed");
                chosen.Kill();
                break;
            case <= 14 when chosen is { InstanceId: null }:
                var topics = RandomTopics();
                _world.Note($"{chosen.Name} wants {string.Join(' ', topics)}");
                chosen.Subscribe(topics);
                break;
            case <= 16:
                Grow();
                break;
            case 17 when _coordinator.IsUp:
                _coordinator.Crash();
                break;
            case 18 or 19 when _coordinator.IsUp:
                _coordinator.CrashAfterAppend();
                break;
            case 20 when _coordinator.IsUp:
                _coordinator.FailPartition();
                break;
        }
    }

    private void Grow()
    {
        var name = $"topic-{_world.Random.Next(3)}";
        var count = (_world.Topics.Find(name)?.PartitionsCount ?? 0) + 1;
        if (count <= 8)
        {
            _world.Note($"{name} has {count} partitions");
            _world.Topics = _world.Topics.With(name, count);
        }
    }

    private List<string> RandomTopics()
    {
        var first = _world.Random.Next(3);
        return _world.Random.Next(2) == 0 ? [$"topic-{first}"] : [$"topic-{first}", $"topic-{(first + 1) % 3}"];
    }
}
