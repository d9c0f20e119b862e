using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>From one generation to the next.</summary>
public sealed partial class ClassicProtocol
{
    /// <summary>Somebody has come or gone: prepares a rebalance, or ends one that waited for nothing else.</summary>
    private void RebalanceOrCompleteJoin(Turn turn, ClassicGroup group)
    {
        if (group.State is ClassicGroupState.Empty or ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable)
        {
            PrepareRebalance(turn, group);
        }
        else
        {
            CompleteJoinIfAllAreHere(turn, group);
        }
    }

    private void PrepareRebalance(Turn turn, ClassicGroup group)
    {
        if (group.State == ClassicGroupState.CompletingRebalance)
        {
            ResetAssignments(turn, group, ErrorCode.RebalanceInProgress);
        }

        group.SyncDeadline.Clear();
        var isFirst = group.State == ClassicGroupState.Empty;
        group.TransitionTo(ClassicGroupState.PreparingRebalance, turn.NowMs);
        if (isFirst)
        {
            // The consumers of an application start one after the other; without a delay each would cause a rebalance.
            var delayMs = context.Options.InitialRebalanceDelayMs;
            group.InitialDelay = new InitialDelay(delayMs, Math.Max(group.RebalanceTimeoutMs - delayMs, 0));
            group.HasNewMember = false;
            group.JoinDeadline.Set(turn.NowMs + delayMs);
        }
        else if (group.HaveAllJoined)
        {
            CompleteJoin(turn, group);
        }
        else
        {
            group.JoinDeadline.Set(turn.NowMs + group.RebalanceTimeoutMs);
        }
    }

    private static void CompleteJoinIfAllAreHere(Turn turn, ClassicGroup group)
    {
        // The first rebalance waits its time out for those that nobody knows of yet.
        if (group.State == ClassicGroupState.PreparingRebalance
            && group.PreviousState != ClassicGroupState.Empty
            && group.HaveAllJoined)
        {
            CompleteJoin(turn, group);
        }
    }

    private void OnJoinDeadline(Turn turn, ClassicGroup group)
    {
        if (group.State != ClassicGroupState.PreparingRebalance)
        {
            return;
        }

        if (group.InitialDelay is { RemainingMs: > 0 } delay && group.HasNewMember)
        {
            var nextMs = Math.Min(context.Options.InitialRebalanceDelayMs, delay.RemainingMs);
            group.HasNewMember = false;
            group.InitialDelay = new InitialDelay(nextMs, Math.Max(delay.RemainingMs - delay.DelayMs, 0));
            group.JoinDeadline.Set(turn.NowMs + nextMs);
            return;
        }

        CompleteJoin(turn, group);
    }

    /// <summary>Begins the next generation with those who have joined.</summary>
    private static void CompleteJoin(Turn turn, ClassicGroup group)
    {
        group.JoinDeadline.Clear();
        group.InitialDelay = null;
        foreach (var member in group.Members.Where(static member => member is { Join: null, InstanceId: null }).ToList())
        {
            group.Remove(member.Id);
        }

        if (!group.ElectLeader() && group.Members.Count > 0)
        {
            // All that is left are static members that have not come back. Their sessions will end or they will rejoin; a
            // second at least, as a member may say that nobody is to wait for it.
            group.JoinDeadline.Set(turn.NowMs + Math.Max(group.RebalanceTimeoutMs, 1_000));
            return;
        }

        group.BeginGeneration(turn.NowMs);
        if (group.State == ClassicGroupState.Empty)
        {
            WriteEmptied(turn, group);
            return;
        }

        foreach (var member in group.Members)
        {
            AnswerJoin(turn, group, member, group.JoinedAnswer(member));
            RestartSession(turn, member);
            member.IsNew = false;
            group.MarkSyncPending(member);
        }

        group.SyncDeadline.Set(turn.NowMs + group.RebalanceTimeoutMs);
    }

    /// <summary>
    /// Stores that nobody is left. Should that fail the group is empty all the same, and what was answered stays true: a
    /// coordinator that reads the generation before finds that its members are silent.
    /// </summary>
    private static void WriteEmptied(Turn turn, ClassicGroup group)
    {
        turn.WriteApplied(group.ToRecord());
        turn.KeepAnswersWhenRefused();
    }

    /// <summary>Members that have joined but did not ask for their assignments have stopped, or are stuck.</summary>
    private void OnSyncDeadline(Turn turn, ClassicGroup group)
    {
        if (group.State is not (ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable) || group.HaveAllSynced)
        {
            return;
        }

        foreach (var member in group.Members.Where(static member => member.IsSyncPending).ToList())
        {
            group.Remove(member.Id);
        }

        PrepareRebalance(turn, group);
    }

    private static void ResetAssignments(Turn turn, ClassicGroup group, ErrorCode error)
    {
        foreach (var member in group.Members)
        {
            member.Assignment = default;
            if (AnswerSync(turn, member, error))
            {
                // Its session may have ended while it waited, which did not count.
                RestartSession(turn, member);
            }
        }
    }
}
