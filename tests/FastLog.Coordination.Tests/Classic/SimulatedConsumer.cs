using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Classic;

/// <summary>
/// A consumer as clients are: joins, assigns if it leads, asks for its assignment, sends heartbeats, gives up its
/// partitions before it joins anew, and asks again when it hears nothing.
/// </summary>
internal sealed class SimulatedConsumer(
    ClassicSimulation world, string name, string? instanceId, string[] topics, ConsumerVersions versions)
{
    private const int HeartbeatIntervalMs = 2_000;

    private readonly int _sessionMs = 6_000 + (world.Random.Next(5) * 1_000);
    private readonly int _rebalanceMs = 6_000 + world.Random.Next(ClassicSimulation.RebalanceMsMax - 6_000 + 1);
    private readonly string[] _protocols = world.Random.Next(2) == 0 ? ["range"] : ["range", "sticky"];
    private string? _protocolName;
    private int _step;

    public string Name => name;

    public string? InstanceId => instanceId;

    public string[] Topics => topics;

    public string MemberId { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    /// <summary>The partitions it consumes; null while it has to join.</summary>
    public HashSet<(string Topic, int Partition)>? Owned { get; private set; }

    public bool IsAlive { get; private set; } = true;

    /// <summary>Until then it does nothing, as in a long garbage collection.</summary>
    public long PausedUntilMs { get; set; }

    public void Start() => Join();

    /// <summary>The process is gone, without a word.</summary>
    public void Crash()
    {
        IsAlive = false;
        Owned = null;
        _step++;
    }

    public void Leave()
    {
        var request = new LeaveGroupRequest { GroupId = ClassicShard.GroupId, MemberId = MemberId };
        var member = request.Members.Add();
        (member.MemberId, member.GroupInstanceId) = (MemberId, instanceId);
        world.Send<LeaveGroupResponse>(
            (turn, reply) => world.Protocol.Leave(turn, Origin(versions.Leave), request, reply), static _ => { }, 0);
        Crash();
    }

    private void Join()
    {
        Owned = null;
        var request = ClassicRequests.Join(
            MemberId, instanceId, _sessionMs, _rebalanceMs, topics: topics, protocols: _protocols);
        Ask<JoinGroupResponse>(
            (turn, reply) => world.Protocol.Join(turn, Origin(versions.Join), request, reply),
            OnJoined,
            ClassicSimulation.RebalanceMsMax,
            Join);
    }

    private void OnJoined(JoinGroupResponse response)
    {
        switch (response.ErrorCode)
        {
            case ErrorCode.None:
                MemberId = response.MemberId;
                Generation = response.GenerationId;
                _protocolName = response.ProtocolName;
                Sync(response.Leader == MemberId && !response.SkipAssignment ? response : null);
                break;
            case ErrorCode.MemberIdRequired:
                MemberId = response.MemberId;
                Join();
                break;
            default:
                Rejoin(response.ErrorCode);
                break;
        }
    }

    private void Sync(JoinGroupResponse? toAssign)
    {
        var request = ClassicRequests.Sync(MemberId, Generation, instanceId);
        (request.ProtocolType, request.ProtocolName) = versions.Sync < 5 ? (null, null) : ("consumer", _protocolName);
        if (toAssign is not null)
        {
            ClassicSimulation.Assign(toAssign, request);
        }

        Ask<SyncGroupResponse>(
            (turn, reply) => world.Protocol.Sync(turn, Origin(versions.Sync), request, world.WatchSync(request, reply)),
            OnSynced,
            ClassicSimulation.RebalanceMsMax,
            () => Sync(toAssign));
    }

    private void OnSynced(SyncGroupResponse response)
    {
        if (response.ErrorCode != ErrorCode.None)
        {
            Rejoin(response.ErrorCode);
            return;
        }

        Owned = [.. ClassicSimulation.PartitionsOf(response.Assignment)];
        SendHeartbeatLater();
    }

    private void SendHeartbeatLater() => Later(HeartbeatIntervalMs, Heartbeat);

    private void Heartbeat()
    {
        var request = ClassicRequests.Heartbeat(MemberId, Generation, instanceId);
        Ask<HeartbeatResponse>(
            (turn, reply) => world.Protocol.Heartbeat(turn, Origin(versions.Heartbeat), request, reply),
            response =>
            {
                if (response.ErrorCode == ErrorCode.None)
                {
                    SendHeartbeatLater();
                }
                else
                {
                    Rejoin(response.ErrorCode);
                }
            },
            0,
            Heartbeat);
    }

    private void Rejoin(ErrorCode error)
    {
        Owned = null;
        switch (error)
        {
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId:
                // A client that is fenced stops, and whoever runs it starts it anew: the same thing here.
                (MemberId, Generation) = ("", -1);
                break;
            default:
                Assert.True(
                    error is ErrorCode.RebalanceInProgress or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator,
                    $"{name}: {error}");
                break;
        }

        Later(world.Random.Next(200), Join);
    }

    /// <summary>Sends a request, and another if no answer comes.</summary>
    private void Ask<TResponse>(
        Action<Turn, Action<TResponse>> call, Action<TResponse> onAnswer, long waitMsMax, Action again)
        where TResponse : class
    {
        var step = ++_step;
        world.Send<TResponse>(call, response => IfStill(step, () => onAnswer(response)), waitMsMax);
        world.After(waitMsMax + 5_000, () => IfStill(step, again));
    }

    private void Later(long delayMs, Action action)
    {
        var step = ++_step;
        world.After(delayMs, () => IfStill(step, action));
    }

    private void IfStill(int step, Action action)
    {
        if (!IsAlive || step != _step)
        {
            return;
        }

        if (PausedUntilMs > world.NowMs)
        {
            world.After(PausedUntilMs - world.NowMs, () => IfStill(step, action));
            return;
        }

        action();
    }

    private RequestOrigin Origin(short version) => new(name, "/127.0.0.1", version);
}

/// <summary>The versions of a client's requests.</summary>
internal readonly record struct ConsumerVersions(short Join, short Sync, short Heartbeat, short Leave)
{
    public static readonly ConsumerVersions[] All = [new(9, 5, 4, 5), new(5, 3, 3, 3), new(4, 2, 2, 2), new(2, 0, 0, 0)];

    /// <summary>How many of them know static members.</summary>
    public const int WithStaticMembersCount = 2;
}
