using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Classic;

/// <summary>
/// Consumers, a network that loses, delays and repeats, and a coordinator that is killed, moved, and cannot write at
/// times; all under a clock of its own. Checks after every event what must hold always, and after a calm what must then.
/// </summary>
internal sealed class ClassicSimulation
{
    public const int RebalanceMsMax = 15_000;

    private static readonly Dictionary<string, int> TopicPartitions = new() { ["t"] = 4, ["u"] = 1, ["v"] = 7 };

    private readonly ClassicShard _shard = new();
    private readonly PriorityQueue<Action, (long AtMs, int Sequence)> _events = new();
    private readonly List<SimulatedConsumer> _consumers = [];
    private readonly List<Request> _requests = [];
    private int _sequence;
    private int _connections;
    private int _consumersMade;
    private int _checkedRecords;
    private (ClassicGroup Group, ClassicGroupState State, int Records)? _checked;
    private int _generationWritten;
    private int _generationSynced;
    private bool _isCalm;

    public ClassicSimulation(int seed) => Random = new Random(seed);

    public Random Random { get; }

    public long NowMs => _shard.NowMs;

    public ClassicProtocol Protocol => _shard.Protocol;

    /// <summary>How often the group was stable when it was looked at, with members.</summary>
    public int StableMoments { get; private set; }

    public static IEnumerable<(string Topic, int Partition)> PartitionsOf(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var assignment = new ConsumerProtocolAssignment();
        VersionPrefixed.Decode(assignment, bytes);
        return assignment.AssignedPartitions.SelectMany(
            static topic => topic.Partitions.Select(partition => (topic.Topic, partition)));
    }

    /// <summary>Trouble for a while, then a calm in which everything must come right.</summary>
    public void Round()
    {
        _isCalm = false;
        for (var i = Random.Next(10, 60); i > 0; i--)
        {
            Disturb();
            Run(Random.Next(4_000));
        }

        _isCalm = true;
        _shard.LogError = ErrorCode.None;
        Run(200_000);
        CheckCalm();
    }

    public void After(long delayMs, Action action) => _events.Enqueue(action, (NowMs + delayMs, _sequence++));

    /// <summary>Sends a request and brings back the answer, which comes within <paramref name="waitMsMax"/> at the coordinator.</summary>
    public void Send<TResponse>(Action<Turn, Action<TResponse>> call, Action<TResponse> onAnswer, long waitMsMax)
        where TResponse : class
    {
        var connections = _connections;
        for (var copies = IsTrouble(0.05) ? 2 : 1; copies > 0; copies--)
        {
            if (!IsTrouble(0.05))
            {
                After(DelayMs(), () => Deliver(connections, call, onAnswer, waitMsMax));
            }
        }
    }

    /// <summary>Assigns as the range assignor would, nearly.</summary>
    public static void Assign(JoinGroupResponse joined, SyncGroupRequest request)
    {
        var topicsOf = joined.Members.ToDictionary(static member => member.MemberId, static member =>
        {
            var subscription = new ConsumerProtocolSubscription();
            VersionPrefixed.Decode(subscription, member.Metadata);
            return subscription.Topics.ToList();
        });
        foreach (var id in topicsOf.Keys)
        {
            var assignment = new ConsumerProtocolAssignment();
            foreach (var topic in topicsOf[id])
            {
                var sharers = topicsOf.Keys.Where(each => topicsOf[each].Contains(topic)).Order().ToList();
                var assigned = assignment.AssignedPartitions.Add();
                assigned.Topic = topic;
                assigned.Partitions.AddRange(Enumerable.Range(0, TopicPartitions[topic])
                    .Where(partition => partition * sharers.Count / TopicPartitions[topic] == sharers.IndexOf(id)));
            }

            var entry = request.Assignments.Add();
            entry.MemberId = id;
            entry.Assignment = VersionPrefixed.ToArray(assignment, 1);
        }
    }

    /// <summary>What is assigned is written: such a generation never comes back, whatever happens to the coordinator.</summary>
    public Action<SyncGroupResponse> WatchSync(SyncGroupRequest request, Action<SyncGroupResponse> reply) => response =>
    {
        if (response.ErrorCode == ErrorCode.None)
        {
            Assert.True(request.GenerationId >= _generationSynced, $"generation {request.GenerationId} after {_generationSynced}");
            _generationSynced = request.GenerationId;
        }

        reply(response);
    };

    private bool IsTrouble(double probability) => !_isCalm && Random.NextDouble() < probability;

    private long DelayMs() => IsTrouble(0.05) ? Random.Next(12_000) : Random.Next(20);

    private void Deliver<TResponse>(
        int connections, Action<Turn, Action<TResponse>> call, Action<TResponse> onAnswer, long waitMsMax)
        where TResponse : class
    {
        if (connections != _connections)
        {
            // What was on its way to a coordinator that is gone does not reach the next one.
            return;
        }

        var request = new Request(NowMs, waitMsMax);
        _requests.Add(request);
        _shard.Run(turn => call(turn, response =>
        {
            Assert.False(request.IsAnswered, "a request is answered once");
            Assert.InRange(NowMs - request.ArrivedMs, 0, waitMsMax);
            request.IsAnswered = true;
            if (!IsTrouble(0.05))
            {
                After(DelayMs(), () =>
                {
                    if (connections == _connections)
                    {
                        onAnswer(response);
                    }
                });
            }
        }));
    }

    private void Run(long ms)
    {
        var endMs = NowMs + ms;
        while (NextMs() is var nextMs && nextMs <= endMs)
        {
            // What is due at the coordinator may bring answers before the next event that is known.
            _shard.Pass(Math.Max(nextMs - NowMs, 0));
            CheckAlways();
            while (_events.TryPeek(out _, out var next) && next.AtMs <= NowMs)
            {
                _events.Dequeue()();
                CheckAlways();
            }
        }

        _shard.Pass(endMs - NowMs);
    }

    private long NextMs() => Math.Min(
        _events.TryPeek(out _, out var next) ? next.AtMs : long.MaxValue, _shard.NextDeadlineMs ?? long.MaxValue);

    private void Disturb()
    {
        var alive = _consumers.Where(static consumer => consumer.IsAlive).ToList();
        var some = alive.Count == 0 ? null : alive[Random.Next(alive.Count)];
        _shard.LogError = IsTrouble(0.1) ? ErrorCode.CoordinatorNotAvailable : ErrorCode.None;
        switch (Random.Next(12))
        {
            case < 3 when alive.Count < 6:
                StartConsumer(Random.Next(3) == 0 ? $"i{++_consumersMade}" : null);
                break;
            case 3:
                some?.Leave();
                break;
            case 4:
                some?.Crash();
                break;
            case 5 when alive.Find(static consumer => consumer.InstanceId is not null) is { } old:
                old.Crash();
                StartConsumer(old.InstanceId, old.Topics);
                break;
            case 6 when some is not null:
                some.PausedUntilMs = NowMs + Random.Next(15_000);
                break;
            case 7:
                Restart(_shard.Restart);
                break;
            case 8:
                Restart(_shard.Move);
                break;
        }
    }

    private void StartConsumer(string? instanceId, string[]? topics = null)
    {
        var versions = ConsumerVersions.All[
            Random.Next(instanceId is null ? ConsumerVersions.All.Length : ConsumerVersions.WithStaticMembersCount)];
        topics ??= [.. TopicPartitions.Keys.Where(_ => Random.Next(3) > 0).DefaultIfEmpty("t")];
        var consumer = new SimulatedConsumer(this, instanceId ?? $"c{++_consumersMade}", instanceId, topics, versions);
        _consumers.Add(consumer);
        consumer.Start();
    }

    private void Restart(Action restart)
    {
        restart();
        _connections++;
        _requests.Clear();
    }

    private void CheckAlways()
    {
        foreach (var value in _shard.WrittenFrom(_checkedRecords))
        {
            _checkedRecords++;
            Assert.True(value!.Generation >= _generationWritten, $"generation {value.Generation} after {_generationWritten}");
            _generationWritten = value.Generation;
        }

        if (_shard.Groups.Find(ClassicShard.GroupId) is not ClassicGroup group
            || _checked == (group, group.State, _checkedRecords))
        {
            return;
        }

        _checked = (group, group.State, _checkedRecords);
        if (group.State == ClassicGroupState.Stable)
        {
            StableMoments++;
            CheckOwners(
                group.Members.SelectMany(member => TopicsOf(member, group)),
                group.Members.SelectMany(static member => PartitionsOf(member.Assignment)));
        }
    }

    /// <summary>Nobody is owed an answer, and the consumers consume what the coordinator says they do.</summary>
    private void CheckCalm()
    {
        Assert.All(_requests, static request => Assert.True(request.IsAnswered, "a request is answered"));
        _requests.Clear();
        var alive = _consumers.Where(static consumer => consumer.IsAlive).ToList();
        if (_shard.Groups.Find(ClassicShard.GroupId) is not ClassicGroup group)
        {
            Assert.Empty(alive);
            return;
        }

        Assert.Equal(alive.Count == 0 ? ClassicGroupState.Empty : ClassicGroupState.Stable, group.State);
        Assert.Equal(
            alive.Select(static consumer => consumer.MemberId).Order(),
            group.Members.Select(static member => member.Id).Order());
        foreach (var consumer in alive)
        {
            Assert.Equal(group.Generation, consumer.Generation);
            Assert.NotNull(consumer.Owned);
        }

        CheckOwners(
            alive.SelectMany(static consumer => consumer.Topics), alive.SelectMany(static consumer => consumer.Owned!));
    }

    private static void CheckOwners(IEnumerable<string> topics, IEnumerable<(string Topic, int Partition)> owned) =>
        Assert.Equal(
            topics.Distinct().SelectMany(static topic =>
                Enumerable.Range(0, TopicPartitions[topic]).Select(partition => (topic, partition))).Order(),
            owned.Order());

    private static MessageList<string> TopicsOf(ClassicMember member, ClassicGroup group)
    {
        var subscription = new ConsumerProtocolSubscription();
        VersionPrefixed.Decode(subscription, member.MetadataFor(group.ProtocolName));
        return subscription.Topics;
    }

    private sealed record Request(long ArrivedMs, long WaitMsMax)
    {
        public bool IsAnswered { get; set; }
    }
}
