using FastLog.Coordination.Assignors;
using FastLog.Coordination.Regexes;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Coordination.Consumer;

/// <summary>A heartbeat of one who joins or stays.</summary>
public sealed partial class ConsumerProtocol
{
    private Refusal? Beat(
        Turn turn,
        RequestOrigin origin,
        ConsumerGroupHeartbeatRequest request,
        Action<ConsumerGroupHeartbeatResponse> reply)
    {
        var group = FindGroup(request.GroupId);
        GroupDraft? draft = null;
        if (group is null && Open(turn, request.GroupId, request.MemberEpoch == 0, out draft) is { } closed)
        {
            return closed;
        }

        var state = draft?.State ?? group!.State;
        var memberId = request.MemberId.Length == 0 ? UuidText.Format(Context.NewId()) : request.MemberId;
        var owned = StoredPartitions.Read(request.TopicPartitions);
        if (Identify(state, request, memberId, owned, out var identity) is { } unidentified)
        {
            return unidentified;
        }

        var known = identity.Known;
        var metadata = Updated(known?.Metadata ?? MemberMetadata.None, origin, request);
        var refused = known is null && state.Members.Count >= Context.Options.ConsumerMembersMax
            ? Refusal.Full(Context.Options.ConsumerMembersMax)
            : CheckRegex(metadata, known?.Metadata);
        if (refused is not null)
        {
            return refused;
        }

        // Most heartbeats say nothing new, and nothing below is done for them but to look whether there is a next step.
        if (draft is not null || known is null || identity.IsReturning || !metadata.Equals(known.Metadata)
            || state.GroupEpoch > state.AssignmentEpoch || TopicsChanged(turn, group!))
        {
            draft ??= new GroupDraft(state.Clone());
            if (identity.IsReturning)
            {
                TakeOver(draft, known!, memberId);
            }

            Advance(turn, draft, memberId, metadata, group?.MayMatchRegexes(turn) ?? true);
            state = draft.State;
        }

        var member = state.Find(memberId)!;
        var step = identity.Standing == Standing.Current
            ? Reconcile(turn, state, member, group, ref draft, owned, isOwnedFinal: identity.IsReturning)
            : new ReconciledMember(member, IsTold: true);
        Conclude(turn, request, group, draft, member, step, identity, reply);
        return null;
    }

    private void Conclude(
        Turn turn,
        ConsumerGroupHeartbeatRequest request,
        ConsumerGroup? group,
        GroupDraft? draft,
        ConsumerMember before,
        ReconciledMember step,
        Identity identity,
        Action<ConsumerGroupHeartbeatResponse> reply)
    {
        draft?.Commit(turn);
        if (draft is not null)
        {
            WhenAppended(turn, request.GroupId, before.Id);
        }
        else if (ReferenceEquals(before.Current, step.Member.Current))
        {
            group!.Heard(before, turn.NowMs);
        }

        var isToldAll = step.IsTold || identity.IsReturning || HeartbeatRules.IsFull(request)
            || !step.Member.Current.Assigned.Equals(before.Current.Assigned);
        turn.Answer(reply, new ConsumerGroupHeartbeatResponse
        {
            MemberId = before.Id,
            MemberEpoch = step.Member.Epoch,
            HeartbeatIntervalMs = LimitsOf(request.GroupId).HeartbeatIntervalMs,
            Assignment = isToldAll ? StoredPartitions.ToAnswer(step.Member.Current.Assigned) : null,
        });
    }

    private ReconciledMember Reconcile(
        Turn turn,
        GroupState state,
        ConsumerMember member,
        ConsumerGroup? group,
        ref GroupDraft? draft,
        TopicPartitionSet? owned,
        bool isOwnedFinal)
    {
        var reconciliation = new Reconciliation(
            state.AssignmentEpoch, state.TargetOf(member.Id) ?? TopicPartitionSet.Empty, owned, isOwnedFinal);
        if (group is not null && !isOwnedFinal && reconciliation.RevokesUnknown(member.Current))
        {
            // Once for each target: a client that cannot take what it is told of is asked to give it up all the same.
            var session = group.SessionOf(member.Id);
            if (session.RetoldEpoch != state.AssignmentEpoch)
            {
                session.RetoldEpoch = state.AssignmentEpoch;
                return new ReconciledMember(member, IsTold: true);
            }
        }

        var next = reconciliation.Next(member.Current, state.Holders);
        if (ReferenceEquals(next, member.Current))
        {
            return new ReconciledMember(member, IsTold: false);
        }

        var record = ConsumerRecords.Current(state.GroupId, member.Id, next);
        if (draft is not null)
        {
            draft.Write(record);
        }
        else
        {
            turn.Write(record);
            WhenAppended(turn, state.GroupId, member.Id);
        }

        return new ReconciledMember(member with { Current = next }, IsTold: false);
    }

    /// <summary>The member's clock starts once what was decided for it is written.</summary>
    private void WhenAppended(Turn turn, string groupId, string memberId) => turn.OnAppended(appended =>
    {
        if (FindGroup(groupId) is { } group && group.State.Find(memberId) is { } member)
        {
            group.Heard(member, appended.NowMs);
        }
    });

    private static Refusal? CheckRegex(MemberMetadata metadata, MemberMetadata? before) =>
        metadata.HasRegex && metadata.TopicRegex != before?.TopicRegex
        && !TopicPattern.TryParse(metadata.TopicRegex!, out _, out var reason)
            ? new Refusal(
                ErrorCode.InvalidRegularExpression,
                $"SubscribedTopicRegex `{metadata.TopicRegex}` is not a valid regular expression: {reason}.")
            : null;

    /// <summary>What the member tells, where it tells anything; the very same object when that is nothing new.</summary>
    private static MemberMetadata Updated(MemberMetadata before, RequestOrigin origin, ConsumerGroupHeartbeatRequest request)
    {
        var names = before.TopicNames;
        if (request.SubscribedTopicNames is { } told && !told.AsSpan().SequenceEqual(names.AsSpan()))
        {
            names = MemberMetadata.Sort(told);
        }

        return request is
        {
            InstanceId: null, RackId: null, RebalanceTimeoutMs: -1, SubscribedTopicRegex: null, ServerAssignor: null,
        }
            && names == before.TopicNames && before.Classic is null
            && before.ClientId == origin.ClientId && before.ClientHost == origin.ClientHost
            ? before
            : before with
            {
                InstanceId = request.InstanceId ?? before.InstanceId,
                RackId = request.RackId ?? before.RackId,
                ClientId = origin.ClientId,
                ClientHost = origin.ClientHost,
                TopicNames = names,
                TopicRegex = request.SubscribedTopicRegex ?? before.TopicRegex,
                RebalanceTimeoutMs = request.RebalanceTimeoutMs == -1 ? before.RebalanceTimeoutMs : request.RebalanceTimeoutMs,
                ServerAssignor = request.ServerAssignor ?? before.ServerAssignor,
                Classic = null,
            };
    }

    /// <summary>A member after a step of its reconciliation.</summary>
    /// <param name="Member">The member.</param>
    /// <param name="IsTold">Whether it is told its assignment although that has not changed.</param>
    private readonly record struct ReconciledMember(ConsumerMember Member, bool IsTold);
}
