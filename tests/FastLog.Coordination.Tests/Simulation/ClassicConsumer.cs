using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A consumer of a classic group: joins, owns partitions, commits, and goes when it is told to.</summary>
internal sealed partial class ClassicConsumer(
    SimulatedWorld world, SimulatedNetwork network, CommittingClient commits, GroupWatch watch, ConsumerSettings settings)
    : ISimulatedConsumer
{
    public const int SessionTimeoutMs = 10_000;
    public const int RebalanceTimeoutMs = 20_000;

    private const int HeartbeatIntervalMs = 1_000;
    private const int RequestTimeoutMs = 5_000;
    private const int JoinTimeoutMs = RebalanceTimeoutMs + 5_000;
    private const int BackoffMs = 100;

    private readonly HashSet<(string Topic, int Partition)> _owned = [];
    private Dictionary<string, int>? _topicsAssigned;
    private IReadOnlyList<string>? _topicsJoined;
    private int _round;

    public enum ConsumerPhase
    {
        Joining,
        Syncing,
        Stable,
        Stopped,
    }

    public string Name => settings.Name;

    public string? InstanceId => settings.InstanceId;

    public bool IsAlive => Phase != ConsumerPhase.Stopped;

    public bool IsStable => Phase == ConsumerPhase.Stable;

    public IEnumerable<string> TopicsWanted => Topics;

    public ConsumerPhase Phase { get; private set; } = ConsumerPhase.Stopped;

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    public IReadOnlyList<string> Topics { get; private set; } = settings.Topics;

    public IReadOnlySet<(string Topic, int Partition)> Owned => _owned;

    private RequestOrigin Origin(short version) => new(settings.Name, "/10.0.0.1", version);

    public void Start() => Join();

    public void Subscribe(IReadOnlyList<string> topics)
    {
        Topics = topics;
        if (Phase == ConsumerPhase.Stable)
        {
            Join();
        }
    }

    /// <summary>The process is killed.</summary>
    public void Kill()
    {
        Enter(ConsumerPhase.Stopped);
        _owned.Clear();
    }

    /// <summary>It closes: a static member without a word, as it will be back.</summary>
    public void Close()
    {
        Kill();
        if (MemberId.Length == 0 || settings.InstanceId is not null)
        {
            return;
        }

        var request = new LeaveGroupRequest { GroupId = settings.Group, MemberId = MemberId };
        var identity = request.Members.Add();
        identity.MemberId = MemberId;
        var version = (short)(settings.IsOld ? 2 : 5);
        network.Call<LeaveGroupResponse>(
            $"{settings.Name} leaves",
            RequestTimeoutMs,
            (shard, turn, reply) => shard.LeaveGroup(turn, Origin(version), request, reply),
            GroupErrors.Respond<LeaveGroupResponse>,
            static _ => { });
    }

    private int Enter(ConsumerPhase phase)
    {
        Phase = phase;
        return ++_round;
    }

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

    private Action<TResponse?> InThisRound<TResponse>(Action<TResponse?> act)
        where TResponse : class
    {
        var round = _round;
        return response =>
        {
            if (round == _round)
            {
                act(response);
            }
        };
    }

    private void BeStable()
    {
        Enter(ConsumerPhase.Stable);
        commits.Begin(this);
        Heartbeat();
        LookAtTopics();
        Commit();
    }

    private void Heartbeat()
    {
        var request = new HeartbeatRequest
        {
            GroupId = settings.Group,
            MemberId = MemberId,
            GenerationId = Generation,
            GroupInstanceId = settings.InstanceId,
        };
        network.Call(
            $"{settings.Name} heartbeat {Generation}",
            RequestTimeoutMs,
            (shard, turn, reply) => shard.Heartbeat(turn, Origin(4), request, reply),
            GroupErrors.Respond<HeartbeatResponse>,
            InThisRound<HeartbeatResponse>(response =>
            {
                if (response is null || response.ErrorCode == ErrorCode.None || IsOfCoordinator(response.ErrorCode))
                {
                    Later(HeartbeatIntervalMs, Heartbeat);
                }
                else
                {
                    OnError(response.ErrorCode, "heartbeat");
                }
            }));
    }

    /// <summary>The leader has partitions assigned that were added since.</summary>
    private void LookAtTopics() => Later(700, () =>
    {
        if (_topicsAssigned is not null && _topicsAssigned.Any(topic => CountOf(topic.Key) != topic.Value))
        {
            Join();
        }
        else
        {
            LookAtTopics();
        }
    });

    private int CountOf(string topic) => world.Topics.Find(topic)?.PartitionsCount ?? 0;

    private void Commit() => Later(world.Random.Next(300, 3_000), () =>
    {
        commits.Commit(this, Generation, MemberId, error =>
        {
            if (Phase == ConsumerPhase.Stable && error is ErrorCode.UnknownMemberId or ErrorCode.FencedInstanceId)
            {
                OnError(error, "commit");
            }
        });
        Commit();
    });

    private static bool IsOfCoordinator(ErrorCode error) => error
        is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress;

    private void OnError(ErrorCode error, string when)
    {
        world.Note($"{settings.Name} {when}: {error}");
        switch (error)
        {
            case ErrorCode.UnknownMemberId:
                (MemberId, Generation) = ("", -1);
                _owned.Clear();
                JoinSoon();
                break;
            case ErrorCode.IllegalGeneration:
                Generation = -1;
                _owned.Clear();
                JoinSoon();
                break;
            case ErrorCode.FencedInstanceId:
                Kill();
                break;
            case ErrorCode.RebalanceInProgress:
                Join();
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress
                or ErrorCode.UnknownServerError:
                // The log refused, or there is no coordinator: again.
                JoinSoon();
                break;
            default:
                throw new SimulationFailure($"{settings.Name} {when}: {error}");
        }
    }

    private void JoinSoon()
    {
        Enter(ConsumerPhase.Joining);
        Later(world.Random.Next(BackoffMs, 3 * BackoffMs), Join);
    }
}
