using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A consumer of a consumer group (KIP-848): tells what it owns, gives up what it is told to, then takes the rest.</summary>
internal sealed class ModernConsumer(
    SimulatedWorld world, SimulatedNetwork network, CommittingClient commits, GroupWatch watch, ConsumerSettings settings)
    : ISimulatedConsumer
{
    public const int SessionTimeoutMs = 10_000;
    public const int HeartbeatIntervalMs = 1_000;

    private const int RebalanceTimeoutMs = 20_000;
    private const int RequestTimeoutMs = 5_000;
    private const int RevocationMsMax = 1_500;

    private readonly HashSet<(string Topic, int Partition)> _owned = [];
    private HashSet<(string Topic, int Partition)> _target = [];
    private IReadOnlyList<string> _topics = settings.Topics;
    private string? _regex;
    private int _epoch;
    private int _round;
    private bool _mustTellAll;
    private bool _mustTellOwned;
    private bool _isRevoking;

    public string Name => settings.Name;

    public string? InstanceId => settings.InstanceId;

    public string MemberId { get; private set; } = "";

    public bool IsAlive { get; private set; }

    public bool IsStable => IsAlive && _epoch > 0 && _owned.SetEquals(_target);

    public IReadOnlySet<(string Topic, int Partition)> Owned => _owned;

    public IEnumerable<string> TopicsWanted => _regex is null
        ? _topics
        : world.Topics.All.Select(topic => topic.Name).Where(name => name.StartsWith("topic-", StringComparison.Ordinal));

    /// <summary>Set when the coordinator has let it go, which it does not know yet: what it owns does not count any more.</summary>
    public bool IsFenced { get; set; }

    public void Start()
    {
        IsAlive = true;
        MemberId = world.NewId().ToString("N");
        Rejoin();
    }

    public void Subscribe(IReadOnlyList<string> topics)
    {
        (_topics, _regex) = (topics, world.Random.Next(3) == 0 ? "topic-.*" : null);
        _mustTellAll = true;
    }

    public void Kill()
    {
        IsAlive = false;
        _round++;
        _owned.Clear();
    }

    public void Close()
    {
        Kill();
        var request = Request();
        request.MemberEpoch = settings.InstanceId is null ? -1 : -2;
        Send($"{Name} leaves", request, static _ => { });
    }

    /// <summary>
    /// Tells all once more, as after a lost connection. An answer to a request that was repeated on the way may have told
    /// of partitions, and got lost: nothing else would bring that up again.
    /// </summary>
    public void Reconnect() => _mustTellAll = true;

    private void Rejoin()
    {
        _round++;
        (_epoch, _target, _isRevoking, IsFenced, _mustTellAll) = (0, [], false, false, true);
        _owned.Clear();
        Heartbeat();
        Commit();
    }

    private ConsumerGroupHeartbeatRequest Request() => new()
    {
        GroupId = settings.Group,
        MemberId = MemberId,
        MemberEpoch = _epoch,
        InstanceId = settings.InstanceId,
    };

    private void Heartbeat()
    {
        var request = Request();
        if (_mustTellAll)
        {
            request.RebalanceTimeoutMs = RebalanceTimeoutMs;
            request.SubscribedTopicNames = [];
            request.SubscribedTopicNames.AddRange([.. _regex is null ? _topics : []]);
            request.SubscribedTopicRegex = _regex ?? "";
        }

        if (_mustTellAll || _mustTellOwned)
        {
            request.TopicPartitions = [];
            foreach (var places in _owned.GroupBy(place => place.Topic))
            {
                var entry = request.TopicPartitions.Add();
                entry.TopicId = world.Topics.Find(places.Key)!.Value.Id;
                entry.Partitions.AddRange([.. places.Select(place => place.Partition)]);
            }
        }

        _mustTellAll = _mustTellOwned = false;
        var round = _round;
        Send($"{Name} heartbeat {_epoch}", request, response =>
        {
            if (round == _round)
            {
                OnHeartbeat(response);
            }
        });
    }

    private void Send(
        string what, ConsumerGroupHeartbeatRequest request, Action<ConsumerGroupHeartbeatResponse?> act) => network.Call(
        what,
        RequestTimeoutMs,
        (shard, turn, reply) => shard.ConsumerGroupHeartbeat(turn, new RequestOrigin(Name, "/10.0.0.1", 1), request, response =>
        {
            if (response.ErrorCode == ErrorCode.None && response.MemberEpoch > 0)
            {
                watch.OnAssigned(response.MemberEpoch);
            }

            reply(response);
        }),
        GroupErrors.Respond<ConsumerGroupHeartbeatResponse>,
        act);

    private void OnHeartbeat(ConsumerGroupHeartbeatResponse? response)
    {
        if (response is null)
        {
            // What was told may not have arrived.
            _mustTellAll = true;
        }
        else if (response.ErrorCode != ErrorCode.None)
        {
            OnError(response);
            return;
        }
        else
        {
            SimulationFailure.Unless(
                response.MemberEpoch >= _epoch, () => $"{Name}: epoch {response.MemberEpoch} after {_epoch}");
            _epoch = response.MemberEpoch;
            if (response.Assignment is { } assignment)
            {
                Reconcile(assignment);
            }
        }

        Later(HeartbeatIntervalMs, Heartbeat);
    }

    private void OnError(ConsumerGroupHeartbeatResponse response)
    {
        world.Note($"{Name}: {response.ErrorCode}");
        switch (response.ErrorCode)
        {
            case ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId or ErrorCode.GroupIdNotFound:
                _owned.Clear();
                _round++;
                Later(world.Random.Next(100, 300), Rejoin);
                break;
            case ErrorCode.FencedInstanceId:
                Kill();
                break;
            case ErrorCode.UnreleasedInstanceId or ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable
                or ErrorCode.CoordinatorLoadInProgress or ErrorCode.UnknownServerError:
                _mustTellAll = true;
                Later(world.Random.Next(100, 1_000), Heartbeat);
                break;
            default:
                throw new SimulationFailure($"{Name}: {response.ErrorCode} {response.ErrorMessage}");
        }
    }

    private void Reconcile(ConsumerGroupHeartbeatResponse.AssignmentData assignment)
    {
        HashSet<(string Topic, int Partition)> target = [];
        foreach (var entry in assignment.TopicPartitions)
        {
            // Topics that the client does not know yet would wait for its metadata; here it always knows.
            var name = world.Topics.Find(entry.TopicId)!.Value.Name;
            target.UnionWith(entry.Partitions.Select(partition => (name, partition)));
        }

        var isNew = !_target.SetEquals(target);
        _target = target;
        if (!isNew || _isRevoking)
        {
            return;
        }

        world.Note($"{Name} is told in {_epoch}: {string.Join(' ', _target.Order())}");

        if (_owned.IsSubsetOf(_target))
        {
            Take();
        }
        else
        {
            _isRevoking = true;
            Later(world.Random.Next(RevocationMsMax), () =>
            {
                _isRevoking = false;
                Take();
            });
        }
    }

    private void Take()
    {
        _owned.Clear();
        _owned.UnionWith(_target);
        _mustTellOwned = true;
        world.Note($"{Name} owns in {_epoch}: {string.Join(' ', _owned.Order())}");
        commits.Begin(this);
    }

    private void Commit() => Later(world.Random.Next(300, 3_000), () =>
    {
        commits.Commit(this, _epoch, MemberId, static _ => { });
        Commit();
    });

    private void Later(int delayMs, Action action)
    {
        var round = _round;
        world.Time.After(delayMs, () =>
        {
            if (round == _round)
            {
                action();
            }
        });
    }
}
