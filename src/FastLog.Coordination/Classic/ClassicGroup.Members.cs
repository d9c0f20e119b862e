using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Who is in the group, and who was promised a place.</summary>
public sealed partial class ClassicGroup
{
    /// <summary>The member of that id, or null.</summary>
    /// <param name="memberId">Id of a member.</param>
    public ClassicMember? FindMember(string memberId) => _members.GetValueOrDefault(memberId);

    /// <summary>Id of the static member of that name, or null.</summary>
    /// <param name="instanceId">Name of a static member.</param>
    public string? FindStaticMemberId(string instanceId) => _staticMemberIds.GetValueOrDefault(instanceId);

    /// <summary>UNKNOWN_MEMBER_ID, or FENCED_INSTANCE_ID when another has taken the static member's place.</summary>
    internal ErrorCode CheckMember(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!_staticMemberIds.TryGetValue(instanceId, out var holderId))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (holderId != memberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>Whether a member that supports these may join those who are here.</summary>
    internal bool IsCompatibleWith(string protocolType, IReadOnlyList<ClassicMemberProtocol> protocols)
    {
        if (State == ClassicGroupState.Empty)
        {
            return protocolType.Length > 0 && protocols.Count > 0;
        }

        if (protocolType != _protocolType)
        {
            return false;
        }

        foreach (var protocol in protocols)
        {
            if (_supporters.GetValueOrDefault(protocol.Name) == _members.Count)
            {
                return true;
            }
        }

        return false;
    }

    internal void AddMember(string protocolType, ClassicMember member)
    {
        if (_members.Count == 0)
        {
            _protocolType = protocolType;
        }

        Invariant.Check(_protocolType == protocolType, "members of a classic group are of one protocol type");
        LeaderId ??= member.Id;
        _members.Add(member.Id, member);
        CountProtocols(member, 1);
        JoinsWaitingCount += member.Join is null ? 0 : 1;
        if (member.InstanceId is { } instanceId)
        {
            _staticMemberIds.Add(instanceId, member.Id);
        }

        member.Session = _protocol.SessionOf(this, member);
        RemovePending(member.Id);
    }

    /// <summary>Removes a member that waits for nothing, or a client that was told its member id.</summary>
    internal void Remove(string memberId)
    {
        RemovePending(memberId);
        if (_members.Remove(memberId, out var member))
        {
            Invariant.Check(member.Join is null && member.Sync is null, "who waits is answered before leaving");
            CountProtocols(member, -1);
            MarkSynced(member);
            member.Session?.Clear();
            if (member.InstanceId is { } instanceId)
            {
                _staticMemberIds.Remove(instanceId);
            }
        }

        if (LeaderId == memberId)
        {
            LeaderId = _members.Count == 0 ? null : _members.Values.First().Id;
        }
    }

    /// <summary>Puts a new member into the place of a static one; returns the new one. Nobody waits in the old one's name.</summary>
    internal ClassicMember ReplaceStatic(ClassicMember old, string newMemberId)
    {
        Invariant.Check(old.Join is null && old.Sync is null, "who waits is answered before it is replaced");
        var replacement = new ClassicMember(old.ToData() with { Id = newMemberId });
        var wasSyncPending = old.IsSyncPending;
        var wasLeader = LeaderId == old.Id;
        Remove(old.Id);
        AddMember(_protocolType!, replacement);
        if (wasLeader)
        {
            LeaderId = newMemberId;
        }

        if (wasSyncPending)
        {
            MarkSyncPending(replacement);
        }

        return replacement;
    }

    internal void Update(
        ClassicMember member, IReadOnlyList<ClassicMemberProtocol> protocols, int rebalanceTimeoutMs, int sessionTimeoutMs)
    {
        CountProtocols(member, -1);
        member.Protocols = protocols;
        CountProtocols(member, 1);
        member.RebalanceTimeoutMs = rebalanceTimeoutMs;
        member.SessionTimeoutMs = sessionTimeoutMs;
    }

    /// <summary>Lets a JoinGroup wait, in place of none.</summary>
    internal void ParkJoin(ClassicMember member, Waiting<JoinGroupResponse> join)
    {
        Invariant.Check(member.Join is null, "one JoinGroup of a member waits");
        member.Join = join;
        JoinsWaitingCount++;
    }

    /// <summary>Takes the JoinGroup that waits, if one does.</summary>
    internal Waiting<JoinGroupResponse>? UnparkJoin(ClassicMember member)
    {
        var join = member.Join;
        if (join is not null)
        {
            member.Join = null;
            JoinsWaitingCount--;
        }

        return join;
    }

    internal void MarkSyncPending(ClassicMember member)
    {
        _syncsPendingCount += member.IsSyncPending ? 0 : 1;
        member.IsSyncPending = true;
    }

    internal void MarkSynced(ClassicMember member)
    {
        _syncsPendingCount -= member.IsSyncPending ? 1 : 0;
        member.IsSyncPending = false;
    }

    internal bool IsPending(string memberId) => _pendingMembers.ContainsKey(memberId);

    internal void AddPending(string memberId, Deadline expiry) => _pendingMembers.Add(memberId, expiry);

    /// <summary>Makes sure that the leader is one of those who have joined; false when nobody has.</summary>
    internal bool ElectLeader()
    {
        if (LeaderId is { } leaderId && FindMember(leaderId) is { Join: not null })
        {
            return true;
        }

        foreach (var member in _members.Values)
        {
            if (member.Join is not null)
            {
                LeaderId = member.Id;
                return true;
            }
        }

        return false;
    }

    /// <summary>The protocol the members would choose now; there is one, as nobody is let in without.</summary>
    internal string ElectProtocol()
    {
        var winner = ClassicMemberProtocol.Vote([.. _members.Values.Select(static member => member.Protocols)]);
        Invariant.Check(winner is not null, "the members of a classic group have a protocol in common");
        return winner;
    }

    private void RemovePending(string memberId)
    {
        if (_pendingMembers.Remove(memberId, out var expiry))
        {
            expiry.Clear();
        }
    }

    private void CountProtocols(ClassicMember member, int change)
    {
        foreach (var protocol in member.Protocols)
        {
            var count = _supporters.GetValueOrDefault(protocol.Name) + change;
            if (count == 0)
            {
                _supporters.Remove(protocol.Name);
            }
            else
            {
                _supporters[protocol.Name] = count;
            }
        }
    }
}
