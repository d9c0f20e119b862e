using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>JoinGroup, leading, SyncGroup.</content>
internal sealed partial class ClassicMembership
{
    private List<AssignorMember> _members = [];
    private IReadOnlyDictionary<string, List<TopicAndPartition>>? _assignments;
    private Dictionary<string, int>? _countsAssigned;

    /// <inheritdoc/>
    public override void OnMetadata(ClusterMetadata metadata)
    {
        Dictionary<string, int> counts = CountsOf(metadata);
        if (_phase == Phase.Leading)
        {
            PartitionAssignor assignor = _assignors.First(known => known.Name == _protocolName);
            _assignments = assignor.Assign(_members, counts);
            _countsAssigned = counts;
            _phase = Phase.Syncing;
        }
        else if (_phase == Phase.In && _countsAssigned is { } known && !Same(known, counts))
        {
            // Only who led knows what was assigned; the others leave it to the leader to notice.
            _countsAssigned = null;
            Rejoin("topics or partitions came or went");
        }
    }

    private static bool Same(Dictionary<string, int> one, Dictionary<string, int> other) =>
        one.Count == other.Count && one.All(pair => other.GetValueOrDefault(pair.Key) == pair.Value);

    /// <summary>The topics that need to be known to assign: those of all members.</summary>
    public IReadOnlyCollection<string> TopicsOfGroup => _members.Count == 0
        ? Subscription.Topics
        : [.. _members.SelectMany(member => member.Topics).Concat(Subscription.Topics).Distinct(StringComparer.Ordinal)];

    private Dictionary<string, int> CountsOf(ClusterMetadata metadata)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string name in TopicsOfGroup)
        {
            if (metadata.Topic(name) is { } topic)
            {
                counts[name] = topic.Partitions.Count;
            }
        }

        return counts;
    }

    private JoinGroupRequest JoinRequest()
    {
        JoinGroupRequest request = new()
        {
            GroupId = Options.GroupId!,
            SessionTimeoutMs = Options.SessionTimeoutMs,
            RebalanceTimeoutMs = Options.MaxPollIntervalMs,
            MemberId = MemberId,
            GroupInstanceId = Options.GroupInstanceId,
            ProtocolType = ProtocolType,
            Reason = _rejoinReason,
        };
        foreach (PartitionAssignor assignor in _assignors)
        {
            JoinGroupRequest.JoinGroupRequestProtocol protocol = request.Protocols.Add();
            protocol.Name = assignor.Name;
            protocol.Metadata = ConsumerProtocol.Subscription(
                Subscription.Topics, assignor.UserData(Epoch), Owned, Epoch, Options.ClientRack);
        }

        return request;
    }

    private SyncGroupRequest SyncRequest()
    {
        SyncGroupRequest request = new()
        {
            GroupId = Options.GroupId!,
            GenerationId = Epoch,
            MemberId = MemberId,
            GroupInstanceId = Options.GroupInstanceId,
            ProtocolType = ProtocolType,
            ProtocolName = _protocolName,
        };
        foreach ((string memberId, List<TopicAndPartition> partitions) in _assignments!)
        {
            SyncGroupRequest.SyncGroupRequestAssignment item = request.Assignments.Add();
            item.MemberId = memberId;
            item.Assignment = ConsumerProtocol.Assignment(partitions);
        }

        _assignments = null;
        return request;
    }

    private void TakeJoin(JoinGroupResponse join, long nowMs)
    {
        switch (join.ErrorCode)
        {
            case ErrorCode.None:
                TakeGeneration(join);
                break;
            case ErrorCode.MemberIdRequired:
                MemberId = join.MemberId;
                _phase = Phase.ReadyToJoin;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                Retry(nowMs);
                OnUnknownToGroup(ErrorCode.UnknownMemberId);
                break;
            case ErrorCode.RebalanceInProgress:
                Retry(nowMs);
                _phase = Phase.ReadyToJoin;
                break;
            case var error when TryRetry(error, nowMs):
                _phase = Phase.ReadyToJoin;
                break;
            default:
                FailWith(join.ErrorCode);
                break;
        }
    }

    private void TakeGeneration(JoinGroupResponse join)
    {
        OnSuccess();
        MemberId = join.MemberId;
        _protocolName = join.ProtocolName ?? "";
        Epoch = join.GenerationId;
        _members = [];
        _countsAssigned = null;
        if (_assignors.All(assignor => assignor.Name != _protocolName))
        {
            FailWith(ErrorCode.InconsistentGroupProtocol, $"the group chose {_protocolName}, which this member does not know");
            return;
        }

        bool isLeader = join.Leader == join.MemberId;
        if (isLeader)
        {
            try
            {
                _members = [.. join.Members.Select(member =>
                    ConsumerProtocol.Member(member.MemberId, member.GroupInstanceId, member.Metadata))];
            }
            catch (ProtocolException e)
            {
                FailWith(ErrorCode.InconsistentGroupProtocol, $"the metadata of a member cannot be read: {e.Message}");
                return;
            }
        }

        if (isLeader && !join.SkipAssignment)
        {
            _phase = Phase.Leading;
        }
        else
        {
            _assignments = new Dictionary<string, List<TopicAndPartition>>();
            _phase = Phase.Syncing;
        }
    }

    private void TakeSync(SyncGroupResponse sync, long nowMs)
    {
        switch (sync.ErrorCode)
        {
            case ErrorCode.None:
                TakeAssignment(sync, nowMs);
                break;
            case ErrorCode.RebalanceInProgress:
                _rejoinReason = "the group rebalances";
                _phase = Phase.ReadyToJoin;
                break;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                OnUnknownToGroup(sync.ErrorCode);
                break;
            case var error when TryRetry(error, nowMs):
                _phase = Phase.ReadyToJoin;
                break;
            default:
                FailWith(sync.ErrorCode);
                break;
        }
    }

    private void TakeAssignment(SyncGroupResponse sync, long nowMs)
    {
        HashSet<TopicAndPartition> assigned;
        try
        {
            assigned = [.. ConsumerProtocol.ReadAssignment(sync.Assignment)];
        }
        catch (ProtocolException e)
        {
            FailWith(ErrorCode.InconsistentGroupProtocol, $"the leader's assignment cannot be read: {e.Message}");
            return;
        }

        OnSuccess();
        _phase = Phase.In;
        _isPrepared = false;
        _heartbeatDueMs = nowMs + Options.HeartbeatIntervalMs;
        List<TopicAndPartition> revoked = [.. Owned.Where(owned => !assigned.Contains(owned))];
        List<TopicAndPartition> added = [.. assigned.Where(partition => !Owned.Contains(partition))];
        if (revoked.Count > 0 || added.Count > 0)
        {
            _revokesAfterStep = _isCooperative && revoked.Count > 0;
            Step = new RebalanceStep([], revoked, added) { CommitsFirst = revoked.Count > 0 };
        }
    }
}
