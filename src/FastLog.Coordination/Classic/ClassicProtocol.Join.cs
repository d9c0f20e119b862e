using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>JoinGroup of members without a name.</summary>
public sealed partial class ClassicProtocol
{
    /// <summary>
    /// JoinGroup: a place in the next generation. Answered when that has begun, or at once with an error or with the
    /// present generation: INVALID_GROUP_ID, INVALID_SESSION_TIMEOUT, GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL,
    /// MEMBER_ID_REQUIRED with the id to use (KIP-394), UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID (KIP-345).
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request; what its byte fields refer to must stay as it is.</param>
    /// <param name="reply">Takes the answer.</param>
    public void Join(Turn turn, RequestOrigin origin, JoinGroupRequest request, Action<JoinGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        var join = new Joining(turn, origin, request, reply);
        if (request.GroupId.Length == 0)
        {
            join.Refuse(ErrorCode.InvalidGroupId, request.MemberId);
            return;
        }

        if (request.SessionTimeoutMs < context.Options.ClassicSessionTimeoutMsMin
            || request.SessionTimeoutMs > context.Options.ClassicSessionTimeoutMsMax)
        {
            join.Refuse(ErrorCode.InvalidSessionTimeout, request.MemberId);
            return;
        }

        var found = context.Groups.Find(request.GroupId);
        if (found is ClassicGroup group)
        {
            Join(group, join);
        }
        else if (found is { IsEmpty: false })
        {
            join.Refuse(ErrorCode.InconsistentGroupProtocol, request.MemberId);
        }
        else if (request.MemberId.Length > 0)
        {
            join.Refuse(ErrorCode.UnknownMemberId, request.MemberId);
        }
        else if (request.ProtocolType.Length == 0 || join.Protocols.Count == 0)
        {
            join.Refuse(ErrorCode.InconsistentGroupProtocol, "");
        }
        else
        {
            JoinNewGroup(found, join);
        }
    }

    /// <summary>Makes the group, in place of an empty one of another kind perhaps.</summary>
    private void JoinNewGroup(Group? replaced, Joining join)
    {
        var turn = join.Turn;
        replaced?.WriteTombstones(turn);
        var group = new ClassicGroup(join.Request.GroupId, this, turn.NowMs);
        context.Groups.Put(group);
        turn.WriteApplied(StoredClassicGroup.New(group.Id, turn.NowMs));
        turn.OnRefused((refusal, error) =>
        {
            // Who was told a member id in this turn has been answered with it.
            foreach (var member in group.Members)
            {
                AnswerJoin(refusal, group, member, error, "");
            }

            group.Retire();
            context.Groups.Remove(group);
            if (replaced is not null)
            {
                context.Groups.Put(replaced);
            }
        });
        JoinAsNew(group, join);
    }

    private void Join(ClassicGroup group, Joining join)
    {
        var memberId = join.Request.MemberId;
        if (!HasRoomFor(group, memberId))
        {
            RemoveSurplus(group, join.Turn, memberId);
            join.Refuse(ErrorCode.GroupMaxSizeReached, "");
        }
        else if (group.State == ClassicGroupState.Dead)
        {
            join.Refuse(ErrorCode.CoordinatorNotAvailable, memberId);
        }
        else if (!group.IsCompatibleWith(join.Request.ProtocolType, join.Protocols))
        {
            join.Refuse(ErrorCode.InconsistentGroupProtocol, memberId);
        }
        else if (memberId.Length == 0)
        {
            JoinAsNew(group, join);
        }
        else if (group.IsPending(memberId))
        {
            JoinAsPending(group, join);
        }
        else
        {
            Rejoin(group, join);
        }
    }

    private void JoinAsNew(ClassicGroup group, Joining join)
    {
        var request = join.Request;
        var memberId = $"{request.GroupInstanceId ?? join.Origin.ClientId}-{context.NewId()}";
        if (request.GroupInstanceId is { } instanceId)
        {
            if (group.FindStaticMemberId(instanceId) is { } oldMemberId)
            {
                TakeStaticPlace(group, join, group.FindMember(oldMemberId)!, memberId);
            }
            else
            {
                AddAndRebalance(group, join, memberId);
            }
        }
        else if (join.Origin.ApiVersion < 4)
        {
            AddAndRebalance(group, join, memberId);
        }
        else
        {
            // A client that gives up before it knows its id leaves no member behind that others would wait for.
            var expiry = new Deadline(context.Deadlines, turn => OnPendingEnd(turn, group, memberId));
            expiry.Set(join.Turn.NowMs + request.SessionTimeoutMs);
            group.AddPending(memberId, expiry);
            join.Refuse(ErrorCode.MemberIdRequired, memberId);
        }
    }

    private void JoinAsPending(ClassicGroup group, Joining join)
    {
        if (join.Request.GroupInstanceId is not null)
        {
            // Static members get no id in advance, so this one was not promised to it.
            join.Refuse(ErrorCode.UnknownMemberId, join.Request.MemberId);
            return;
        }

        AddAndRebalance(group, join, join.Request.MemberId);
    }

    private void Rejoin(ClassicGroup group, Joining join)
    {
        var memberId = join.Request.MemberId;
        var error = group.CheckMember(memberId, join.Request.GroupInstanceId);
        if (error != ErrorCode.None)
        {
            join.Refuse(error, memberId);
            return;
        }

        var member = group.FindMember(memberId)!;
        var isUnchanged = ClassicMemberProtocol.AreSame(member.Protocols, join.Protocols);
        var answersAtOnce = group.State switch
        {
            // The answer to the first request was lost, it seems.
            ClassicGroupState.CompletingRebalance => isUnchanged,

            // The leader asks for a rebalance when partitions were added, for example, which its metadata does not show.
            ClassicGroupState.Stable => isUnchanged && group.LeaderId != memberId,
            _ => false,
        };
        if (answersAtOnce)
        {
            join.Turn.Answer(join.Reply, ForVersion(group.JoinedAnswer(member), join.Origin.ApiVersion));
            return;
        }

        UpdateAndPark(group, join, member);
        RebalanceOrCompleteJoin(join.Turn, group);
    }

    private void AddAndRebalance(ClassicGroup group, Joining join, string memberId)
    {
        var request = join.Request;
        var member = new ClassicMember(new ClassicMemberData(
            memberId,
            request.GroupInstanceId,
            join.Origin.ClientId,
            join.Origin.ClientHost,
            request.RebalanceTimeoutMs,
            request.SessionTimeoutMs,
            join.Protocols,
            default))
        {
            IsNew = true,
            Join = join.ToWaiting(),
        };
        if (group.State == ClassicGroupState.PreparingRebalance && group.PreviousState == ClassicGroupState.Empty)
        {
            group.HasNewMember = true;
        }

        group.AddMember(request.ProtocolType, member);
        member.Session!.Set(join.Turn.NowMs + NewMemberJoinTimeoutMs);
        RebalanceOrCompleteJoin(join.Turn, group);
    }

    private static void UpdateAndPark(ClassicGroup group, Joining join, ClassicMember member)
    {
        // A client that asks again, on a new connection perhaps, wants the latest request answered; the one before must
        // not wait for ever all the same.
        AnswerJoin(join.Turn, group, member, ErrorCode.RebalanceInProgress, member.Id);
        group.Update(member, join.Protocols, join.Request.RebalanceTimeoutMs, join.Request.SessionTimeoutMs);
        group.ParkJoin(member, join.ToWaiting());
    }

    /// <summary>
    /// While a rebalance is prepared those count who have joined: a group that is larger than it may be, as the
    /// configuration has changed, loses its slowest members so.
    /// </summary>
    private bool HasRoomFor(ClassicGroup group, string memberId) => group.State switch
    {
        ClassicGroupState.PreparingRebalance =>
            group.FindMember(memberId) is { Join: not null }
            || group.JoinsWaitingCount < context.Options.ClassicMembersMax,
        ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable =>
            group.FindMember(memberId) is not null || group.Members.Count < context.Options.ClassicMembersMax,
        _ => true,
    };

    private static void RemoveSurplus(ClassicGroup group, Turn turn, string memberId)
    {
        if (memberId.Length > 0)
        {
            group.Remove(memberId);
            CompleteJoinIfAllAreHere(turn, group);
        }
    }

    /// <summary>A JoinGroup that is being decided on.</summary>
    private sealed class Joining(
        Turn turn, RequestOrigin origin, JoinGroupRequest request, Action<JoinGroupResponse> reply)
    {
        public Turn Turn { get; } = turn;

        public RequestOrigin Origin { get; } = origin;

        public JoinGroupRequest Request { get; } = request;

        public Action<JoinGroupResponse> Reply { get; } = reply;

        public List<ClassicMemberProtocol> Protocols { get; } = Distinct(request);

        public void Refuse(ErrorCode error, string memberId) =>
            Turn.Answer(Reply, RefusedJoin(error, memberId, Origin.ApiVersion));

        public Waiting<JoinGroupResponse> ToWaiting() => new(Reply, Origin.ApiVersion);

        private static List<ClassicMemberProtocol> Distinct(JoinGroupRequest request)
        {
            var names = new HashSet<string>(StringComparer.Ordinal);
            var protocols = new List<ClassicMemberProtocol>(request.Protocols.Count);
            foreach (var protocol in request.Protocols)
            {
                if (names.Add(protocol.Name))
                {
                    protocols.Add(new ClassicMemberProtocol(protocol.Name, protocol.Metadata));
                }
            }

            return protocols;
        }
    }
}
