using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>
/// The classic group protocol: members meet in JoinGroup, their leader hands in the assignments with SyncGroup, and
/// heartbeats keep them in the group. A JoinGroup waits for the others, a SyncGroup for the leader's: their answers are
/// given in the turn that ends the wait. Decides only; a shard runs its turns one after the other.
/// </summary>
/// <param name="context">What the shard's groups share.</param>
public sealed partial class ClassicProtocol(GroupContext context)
{
    /// <summary>
    /// How long a member that was in no generation yet is kept while its JoinGroup waits. It has no session before it
    /// knows its id, but a client that is gone must not stay for ever.
    /// </summary>
    public const int NewMemberJoinTimeoutMs = 5 * 60 * 1_000;

    /// <summary>
    /// The classic group of that id, made in memory if there is no group: for offsets that are committed without one.
    /// Null when the group is of another kind.
    /// </summary>
    /// <param name="groupId">The group's id.</param>
    /// <param name="nowMs">The time, in milliseconds since 1970.</param>
    public ClassicGroup? FindOrCreate(string groupId, long nowMs)
    {
        if (context.Groups.Find(groupId) is { } found)
        {
            return found as ClassicGroup;
        }

        var group = new ClassicGroup(groupId, this, nowMs);
        context.Groups.Put(group);
        return group;
    }

    /// <summary>Answers every JoinGroup and SyncGroup of the group that waits.</summary>
    internal static void AnswerWaiting(Turn turn, ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members)
        {
            AnswerJoin(turn, group, member, error, member.Id);
            AnswerSync(turn, member, error);
        }
    }

    internal (Deadline Join, Deadline Sync) DeadlinesOf(ClassicGroup group) => (
        new Deadline(context.Deadlines, turn => OnJoinDeadline(turn, group)),
        new Deadline(context.Deadlines, turn => OnSyncDeadline(turn, group)));

    internal Deadline SessionOf(ClassicGroup group, ClassicMember member) =>
        new(context.Deadlines, turn => OnSessionEnd(turn, group, member));

    internal static void RestartSession(Turn turn, ClassicMember member) =>
        member.Session!.Set(turn.NowMs + member.SessionTimeoutMs);

    private static void AnswerJoin(Turn turn, ClassicGroup group, ClassicMember member, JoinGroupResponse response)
    {
        if (group.UnparkJoin(member) is { } join)
        {
            turn.Answer(join.Reply, ForVersion(response, join.Version));
        }
    }

    private static void AnswerJoin(Turn turn, ClassicGroup group, ClassicMember member, ErrorCode error, string memberId)
    {
        if (group.UnparkJoin(member) is { } join)
        {
            turn.Answer(join.Reply, RefusedJoin(error, memberId, join.Version));
        }
    }

    /// <returns>Whether one waited.</returns>
    private static bool AnswerSync(Turn turn, ClassicMember member, ErrorCode error) =>
        AnswerSync(turn, member, static (_, error) => new SyncGroupResponse { ErrorCode = error }, error);

    private static bool AnswerSync<TState>(
        Turn turn, ClassicMember member, Func<ClassicMember, TState, SyncGroupResponse> answer, TState state)
    {
        if (member.Sync is not { } sync)
        {
            return false;
        }

        member.Sync = null;
        turn.Answer(sync.Reply, answer(member, state));
        return true;
    }

    private static JoinGroupResponse RefusedJoin(ErrorCode error, string memberId, short version) =>
        ForVersion(new JoinGroupResponse { ErrorCode = error, MemberId = memberId }, version);

    /// <summary>A missing protocol is null from version 7 on, and was empty before.</summary>
    private static JoinGroupResponse ForVersion(JoinGroupResponse response, short version)
    {
        if (version < 7)
        {
            response.ProtocolName ??= "";
        }
        else if (response.ProtocolName is { Length: 0 })
        {
            response.ProtocolName = null;
        }

        return response;
    }
}
