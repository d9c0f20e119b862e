using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>
/// A member of a classic group. In each rebalance it joins with what it subscribes to, one member, the leader, assigns,
/// and it gets its part by SyncGroup. Eager members give up everything before they join; cooperative ones keep what they
/// have and give up afterwards what the leader gave to another, then all join once more (KIP-429).
/// </summary>
internal sealed partial class ClassicMembership : GroupMembership
{
    internal const string ProtocolType = "consumer";

    private readonly IReadOnlyList<PartitionAssignor> _assignors;
    private readonly bool _isCooperative;
    private Phase _phase = Phase.Out;
    private bool _mustRejoin;
    private bool _isPrepared;
    private bool _isStepBeforeJoin;
    private bool _revokesAfterStep;
    private string _protocolName = "";
    private string _rejoinReason = "the member starts";
    private long _heartbeatDueMs = long.MinValue;

    /// <summary>A member that joins when it subscribes to something.</summary>
    public ClassicMembership(ConsumerOptions options)
        : base(options)
    {
        _assignors = [.. options.AssignmentStrategies.Select(PartitionAssignor.For)];
        if (_assignors.Count == 0)
        {
            throw new ArgumentException("a classic group needs an assignment strategy", nameof(options));
        }

        _isCooperative = _assignors.All(assignor => assignor.IsCooperative);
    }

    private enum Phase
    {
        /// <summary>Not in the group, and what was owned is lost.</summary>
        Out,

        /// <summary>In a generation.</summary>
        In,

        /// <summary>About to join, or to join anew; what had to be given up before has been.</summary>
        ReadyToJoin,

        /// <summary>JoinGroup is on its way.</summary>
        Joining,

        /// <summary>Has to assign, and waits for metadata.</summary>
        Leading,

        /// <summary>About to send SyncGroup, or it is on its way.</summary>
        Syncing,
    }

    /// <inheritdoc/>
    public override bool IsMember => MemberId.Length > 0;

    public override bool WantsMetadata => _phase == Phase.Leading;

    public override IReadOnlyCollection<string>? TopicsWanted => TopicsOfGroup;

    protected override void OnSubscriptionChanged() => Rejoin("the subscription changed");

    protected override void Advance(long nowMs)
    {
        if (Step is not null || (_phase is not (Phase.Out or Phase.In)))
        {
            return;
        }

        bool isOut = _phase == Phase.Out;
        if (isOut && Owned.Count > 0)
        {
            BeginStep(new RebalanceStep([.. Owned], [], []));
            return;
        }

        bool mustJoin = isOut ? !Subscription.IsEmpty : _mustRejoin;
        if (!mustJoin)
        {
            return;
        }

        if (Owned.Count > 0 && !_isPrepared)
        {
            List<TopicAndPartition> revoked = _isCooperative
                ? [.. Owned.Where(owned => !Subscription.Topics.Contains(owned.Topic))]
                : [.. Owned];
            BeginStep(new RebalanceStep([], revoked, []) { CommitsFirst = true });
            return;
        }

        _phase = Phase.ReadyToJoin;

        void BeginStep(RebalanceStep step)
        {
            Step = step;
            _isStepBeforeJoin = true;
        }
    }

    protected override IRequest? Request(long nowMs)
    {
        switch (_phase)
        {
            case Phase.ReadyToJoin:
                _phase = Phase.Joining;
                _mustRejoin = false;
                return JoinRequest();
            case Phase.Syncing when _assignments is not null:
                return SyncRequest();
            case Phase.In when nowMs >= _heartbeatDueMs:
                _heartbeatDueMs = nowMs + Options.HeartbeatIntervalMs;
                return new HeartbeatRequest
                {
                    GroupId = Options.GroupId!,
                    GenerationId = Epoch,
                    MemberId = MemberId,
                    GroupInstanceId = Options.GroupInstanceId,
                };
            default:
                return null;
        }
    }

    protected override long NextDueMs() => _phase == Phase.In ? _heartbeatDueMs : long.MaxValue;

    protected override void Take(IResponse response, long nowMs)
    {
        switch (response)
        {
            case JoinGroupResponse join when _phase == Phase.Joining:
                TakeJoin(join, nowMs);
                break;
            case SyncGroupResponse sync when _phase == Phase.Syncing:
                TakeSync(sync, nowMs);
                break;
            case HeartbeatResponse heartbeat when _phase == Phase.In:
                TakeHeartbeat(heartbeat, nowMs);
                break;
        }
    }

    /// <summary>A join or sync that may or may not have arrived is asked for again by joining again.</summary>
    protected override void OnLost()
    {
        if (_phase is Phase.Joining or Phase.Syncing)
        {
            _phase = Phase.ReadyToJoin;
        }
    }

    protected override void AfterStep(RebalanceStep step)
    {
        if (_isStepBeforeJoin)
        {
            _isStepBeforeJoin = false;
            _isPrepared = _phase == Phase.In;
        }
        else if (_revokesAfterStep)
        {
            // What was given up can be given to its new owner only in another round.
            Rejoin("partitions were given up");
        }

        _revokesAfterStep = false;
    }

    /// <summary>A static member does not leave: it stays in the group until its session ends, to come back as itself.</summary>
    protected override IRequest? LeaveRequest()
    {
        if (Options.GroupInstanceId is not null)
        {
            return null;
        }

        LeaveGroupRequest request = new() { GroupId = Options.GroupId! };
        LeaveGroupRequest.MemberIdentity member = request.Members.Add();
        member.MemberId = MemberId;
        member.Reason = HasLeftUnpolled ? "the application did not come back for records" : "the consumer was closed";
        return request;
    }

    protected override void OnRemoved()
    {
        MemberId = "";
        LoseGeneration();
    }

    protected override void OnPolledAgain() => _rejoinReason = "the application came back for records";

    private void LoseGeneration()
    {
        Epoch = -1;
        _phase = Phase.Out;
        _mustRejoin = false;
        _isPrepared = false;
        _revokesAfterStep = false;
        _assignments = null;
        DropUntakenStep();
    }

    private void Rejoin(string reason)
    {
        _mustRejoin = true;
        _rejoinReason = reason;
    }

    private void TakeHeartbeat(HeartbeatResponse heartbeat, long nowMs)
    {
        switch (heartbeat.ErrorCode)
        {
            case ErrorCode.None:
                OnSuccess();
                break;
            case ErrorCode.RebalanceInProgress:
                OnSuccess();
                Rejoin("the group rebalances");
                break;
            case ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId:
                OnUnknownToGroup(heartbeat.ErrorCode);
                break;
            case var error when TryRetry(error, nowMs):
                // Not only after the pause but at once: the session may be short.
                _heartbeatDueMs = nowMs;
                break;
            default:
                FailWith(heartbeat.ErrorCode);
                break;
        }
    }

    private void OnUnknownToGroup(ErrorCode error)
    {
        if (error == ErrorCode.UnknownMemberId)
        {
            MemberId = "";
        }

        LoseGeneration();
        _rejoinReason = error.Name();
    }
}
