using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Coordination.Consumer;

/// <summary>JoinGroup of a member of the classic protocol in a consumer group: it need not wait for anybody.</summary>
public sealed partial class ConsumerProtocol
{
    /// <summary>From this version on a member has to know its id before it joins (KIP-394).</summary>
    private const short KnownMemberIdVersion = 4;

    /// <summary>
    /// JoinGroup into a consumer group that has members. Answered at once, with the member's epoch as the generation and
    /// nobody as the leader: INVALID_SESSION_TIMEOUT, GROUP_MAX_SIZE_REACHED, INCONSISTENT_GROUP_PROTOCOL,
    /// MEMBER_ID_REQUIRED, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID if not.
    /// </summary>
    /// <param name="turn">The turn.</param>
    /// <param name="origin">Who asks.</param>
    /// <param name="request">The request; nothing of it is kept.</param>
    /// <param name="reply">Takes the answer.</param>
    public void ClassicJoin(Turn turn, RequestOrigin origin, JoinGroupRequest request, Action<JoinGroupResponse> reply)
    {
        ArgumentNullException.ThrowIfNull(turn);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(reply);
        var memberId = request.MemberId;
        var error = FindGroup(request.GroupId) is { } group
            ? ClassicJoin(turn, group, origin, request, reply, ref memberId)
            : ErrorCode.UnknownMemberId;
        if (error != ErrorCode.None)
        {
            turn.Answer(reply, new JoinGroupResponse
            {
                ErrorCode = error,
                MemberId = memberId,
                ProtocolName = origin.ApiVersion < 7 ? "" : null,
            });
        }
    }

    private ErrorCode ClassicJoin(
        Turn turn,
        ConsumerGroup group,
        RequestOrigin origin,
        JoinGroupRequest request,
        Action<JoinGroupResponse> reply,
        ref string memberId)
    {
        if (CheckClassicJoin(group, request, out var subscription) is var error and not ErrorCode.None)
        {
            return error;
        }

        if (memberId.Length == 0 && request.GroupInstanceId is null && origin.ApiVersion >= KnownMemberIdVersion)
        {
            memberId = $"{origin.ClientId}-{Context.NewId()}";
            return ErrorCode.MemberIdRequired;
        }

        if (FindClassicJoiner(group.State, origin, request, ref memberId, out var known) is var unknown and not ErrorCode.None)
        {
            return unknown;
        }

        var draft = new GroupDraft(group.State.Clone());
        if (known is not null && known.Id != memberId)
        {
            TakeOver(draft, known, memberId);
        }

        Advance(turn, draft, memberId, Told(origin, request, subscription!), group.MayMatchRegexes(turn));
        var joined = draft.State.Find(memberId)!;
        var step = Reconcile(
            turn, draft.State, joined, group, ref draft!, EmbeddedProtocol.OwnedOf(subscription!, turn.Topics), isOwnedFinal: true);
        draft.Commit(turn);
        AwaitSync(turn, group.Id, memberId, request);
        turn.Answer(reply, new JoinGroupResponse
        {
            MemberId = memberId,
            GenerationId = step.Member.Epoch,
            ProtocolType = ClassicGroup.ConsumerProtocolType,
            ProtocolName = request.Protocols[0].Name,
        });
        return ErrorCode.None;
    }

    private ErrorCode CheckClassicJoin(
        ConsumerGroup group, JoinGroupRequest request, out ConsumerProtocolSubscription? subscription)
    {
        subscription = null;
        var options = Context.Options;
        if (request.SessionTimeoutMs < options.ClassicSessionTimeoutMsMin
            || request.SessionTimeoutMs > options.ClassicSessionTimeoutMsMax)
        {
            return ErrorCode.InvalidSessionTimeout;
        }

        var isKnown = group.State.Find(request.MemberId) is not null
            || (request.GroupInstanceId is { } instanceId && group.State.FindStatic(instanceId) is not null);
        if (!isKnown && group.Members.Count >= options.ConsumerMembersMax)
        {
            return ErrorCode.GroupMaxSizeReached;
        }

        if (request.ProtocolType != ClassicGroup.ConsumerProtocolType || !SharesProtocol(group.State, request))
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        subscription = EmbeddedProtocol.ReadSubscription(request.Protocols[0].Metadata);
        return subscription is null ? ErrorCode.InconsistentGroupProtocol : ErrorCode.None;
    }

    /// <summary>
    /// Whether all members of the classic protocol still have a protocol in common, so that they can form a classic group
    /// once they are alone.
    /// </summary>
    private static bool SharesProtocol(GroupState group, JoinGroupRequest request)
    {
        foreach (var protocol in request.Protocols)
        {
            if (group.Members.Values.All(member => member.Id == request.MemberId || !member.IsClassic
                || member.Metadata.Classic!.Protocols.Any(known => known.Name == protocol.Name)))
            {
                return true;
            }
        }

        return false;
    }

    private ErrorCode FindClassicJoiner(
        GroupState group, RequestOrigin origin, JoinGroupRequest request, ref string memberId, out ConsumerMember? known)
    {
        known = group.Find(memberId);
        if (request.GroupInstanceId is not { } instanceId)
        {
            memberId = memberId.Length == 0 ? $"{origin.ClientId}-{Context.NewId()}" : memberId;
            return ErrorCode.None;
        }

        known = group.FindStatic(instanceId);
        if (memberId.Length == 0)
        {
            memberId = $"{instanceId}-{Context.NewId()}";
            return ErrorCode.None;
        }

        return known is null ? ErrorCode.UnknownMemberId
            : known.Id != memberId ? ErrorCode.FencedInstanceId
            : ErrorCode.None;
    }

    private static MemberMetadata Told(
        RequestOrigin origin, JoinGroupRequest request, ConsumerProtocolSubscription subscription) => new()
        {
            InstanceId = request.GroupInstanceId,
            RackId = subscription.RackId,
            ClientId = origin.ClientId,
            ClientHost = origin.ClientHost,
            TopicNames = MemberMetadata.Sort(subscription.Topics),
            RebalanceTimeoutMs = RebalanceTimeoutMsOf(request),
            Classic = new ClassicMembership(
                request.SessionTimeoutMs,
                [.. request.Protocols.Select(static told => new ClassicMemberProtocol(told.Name, told.Metadata.ToArray()))]),
        };

    private static int RebalanceTimeoutMsOf(JoinGroupRequest request) =>
        request.RebalanceTimeoutMs == -1 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;

    /// <summary>It has to ask for its assignment as soon as it would have to in a classic group.</summary>
    private void AwaitSync(Turn turn, string groupId, string memberId, JoinGroupRequest request)
    {
        var rebalanceTimeoutMs = RebalanceTimeoutMsOf(request);
        turn.OnAppended(appended =>
        {
            if (FindGroup(groupId) is { } group && group.State.Find(memberId) is { } member)
            {
                group.Heard(member, appended.NowMs);
                group.SessionOf(memberId).AwaitNothing();
                group.SessionOf(memberId).Await(appended.NowMs + rebalanceTimeoutMs);
            }
        });
    }
}
