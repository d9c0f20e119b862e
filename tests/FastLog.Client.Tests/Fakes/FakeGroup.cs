using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client.Tests.Fakes;

/// <summary>One group as a coordinator keeps it, without time: nobody is removed unless a test does it.</summary>
internal sealed class FakeGroup(FakeCluster cluster)
{
    private readonly List<Member> _members = [];
    private readonly List<NewMember> _newMembers = [];
    private bool _isPreparing;
    private bool _awaitsSync;
    private int _made;
    private int _epoch;

    public int Generation { get; private set; }

    public string Protocol { get; private set; } = "";

    public Dictionary<TopicAndPartition, OffsetAndMetadata> Offsets { get; } = [];

    /// <summary>Every commit that was taken, in order.</summary>
    public List<(TopicAndPartition Partition, OffsetAndMetadata Offset)> Commits { get; } = [];

    /// <summary>What the next requests of an API are answered with.</summary>
    public Dictionary<ApiKey, Queue<ErrorCode>> Faults { get; } = [];

    public int MembersCount => _members.Count + _newMembers.Count;

    public IReadOnlyList<string> MemberIds => [.. _members.Select(member => member.Id), .. _newMembers.Select(member => member.Id)];

    public bool IsStable => !_isPreparing && !_awaitsSync;

    /// <summary>What the coordinator takes each new member to own; a partition never appears twice.</summary>
    public IReadOnlyList<IReadOnlyCollection<TopicAndPartition>> NewAssignments => [.. _newMembers.Select(member => member.Current)];

    public void Fail(ApiKey api, params ErrorCode[] errors) => Faults[api] = new Queue<ErrorCode>(errors);

    public ErrorCode Fault(ApiKey api) =>
        Faults.TryGetValue(api, out Queue<ErrorCode>? errors) && errors.TryDequeue(out ErrorCode error) ? error : ErrorCode.None;

    /// <summary>Removes a member as if its session had ended.</summary>
    public void Expel(string memberId)
    {
        _newMembers.RemoveAll(member => member.Id == memberId);
        if (_members.RemoveAll(member => member.Id == memberId) > 0)
        {
            Prepare();
        }
        else
        {
            _epoch++;
        }
    }

    public void Join(JoinGroupRequest request, Action<JoinGroupResponse> answer)
    {
        if (Fault(ApiKey.JoinGroup) is var fault and not ErrorCode.None)
        {
            answer(new JoinGroupResponse { ErrorCode = fault });
            return;
        }

        if (request.MemberId.Length == 0)
        {
            Member made = new($"member-{++_made}");
            answer(new JoinGroupResponse { ErrorCode = ErrorCode.MemberIdRequired, MemberId = made.Id });
            return;
        }

        Member? member = _members.Find(known => known.Id == request.MemberId);
        if (member is null)
        {
            member = new Member(request.MemberId);
            _members.Add(member);
        }

        member.Protocols = [.. request.Protocols.Select(protocol => (protocol.Name, protocol.Metadata.ToArray()))];
        member.Joining = answer;
        Prepare();
    }

    public void Sync(SyncGroupRequest request, Action<SyncGroupResponse> answer)
    {
        Member? member = _members.Find(known => known.Id == request.MemberId);
        ErrorCode error = Fault(ApiKey.SyncGroup) is var fault and not ErrorCode.None ? fault
            : member is null ? ErrorCode.UnknownMemberId
            : request.GenerationId != Generation ? ErrorCode.IllegalGeneration
            : _isPreparing ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
        if (error != ErrorCode.None)
        {
            answer(new SyncGroupResponse { ErrorCode = error });
            return;
        }

        member!.Syncing = answer;
        if (_awaitsSync && member == _members[0])
        {
            _awaitsSync = false;
            foreach (SyncGroupRequest.SyncGroupRequestAssignment item in request.Assignments)
            {
                _members.Single(known => known.Id == item.MemberId).Assignment = item.Assignment.ToArray();
            }
        }

        if (!_awaitsSync)
        {
            foreach (Member synced in _members)
            {
                synced.Syncing?.Invoke(new SyncGroupResponse { Assignment = synced.Assignment });
                synced.Syncing = null;
            }
        }
    }

    public HeartbeatResponse Heartbeat(HeartbeatRequest request) => new()
    {
        ErrorCode = Fault(ApiKey.Heartbeat) is var fault and not ErrorCode.None ? fault
            : _members.TrueForAll(known => known.Id != request.MemberId) ? ErrorCode.UnknownMemberId
            : request.GenerationId != Generation ? ErrorCode.IllegalGeneration
            : _isPreparing ? ErrorCode.RebalanceInProgress
            : ErrorCode.None,
    };

    public LeaveGroupResponse Leave(LeaveGroupRequest request)
    {
        foreach (string memberId in request.Members.Select(member => member.MemberId).Append(request.MemberId))
        {
            Expel(memberId);
        }

        return new LeaveGroupResponse();
    }

    public OffsetCommitResponse Commit(OffsetCommitRequest request)
    {
        bool isMember = _members.Exists(member => member.Id == request.MemberId);
        NewMember? isNew = _newMembers.Find(member => member.Id == request.MemberId);
        ErrorCode error = Fault(ApiKey.OffsetCommit) is var fault and not ErrorCode.None ? fault
            : request.MemberId.Length == 0 ? (MembersCount == 0 ? ErrorCode.None : ErrorCode.UnknownMemberId)
            : isNew is not null ? (isNew.Epoch == request.GenerationIdOrMemberEpoch ? ErrorCode.None : ErrorCode.StaleMemberEpoch)
            : !isMember ? ErrorCode.UnknownMemberId
            : request.GenerationIdOrMemberEpoch != Generation ? ErrorCode.IllegalGeneration
            : _awaitsSync ? ErrorCode.RebalanceInProgress
            : ErrorCode.None;
        OffsetCommitResponse answer = new();
        foreach (OffsetCommitRequest.OffsetCommitRequestTopic topic in request.Topics)
        {
            OffsetCommitResponse.OffsetCommitResponseTopic said = answer.Topics.Add();
            said.Name = topic.Name;
            foreach (OffsetCommitRequest.OffsetCommitRequestPartition item in topic.Partitions)
            {
                OffsetCommitResponse.OffsetCommitResponsePartition result = said.Partitions.Add();
                (result.PartitionIndex, result.ErrorCode) = (item.PartitionIndex, error);
                if (error == ErrorCode.None)
                {
                    TopicAndPartition partition = new(topic.Name, item.PartitionIndex);
                    Offsets[partition] = new OffsetAndMetadata(
                        item.CommittedOffset, item.CommittedLeaderEpoch, item.CommittedMetadata ?? "");
                    Commits.Add((partition, Offsets[partition]));
                }
            }
        }

        return answer;
    }

    /// <summary>The new protocol: assigns all partitions of the subscribed topics in turn, and gives one to a member only
    /// when no other has it any more.</summary>
    public ConsumerGroupHeartbeatResponse Heartbeat(ConsumerGroupHeartbeatRequest request)
    {
        if (Fault(ApiKey.ConsumerGroupHeartbeat) is var fault and not ErrorCode.None)
        {
            return new ConsumerGroupHeartbeatResponse { ErrorCode = fault };
        }

        NewMember? member = _newMembers.Find(known => known.Id == request.MemberId);
        if (request.MemberEpoch < 0)
        {
            Expel(request.MemberId);
            return new ConsumerGroupHeartbeatResponse { MemberEpoch = request.MemberEpoch };
        }

        if (request.MemberEpoch == 0)
        {
            Assert.Empty(request.TopicPartitions!);
            _newMembers.Remove(member!);
            member = new NewMember(request.MemberId);
            _newMembers.Add(member);
            _epoch++;
        }

        if (member is null || (request.MemberEpoch > 0 && request.MemberEpoch != member.Epoch && request.MemberEpoch != member.EpochBefore))
        {
            return new ConsumerGroupHeartbeatResponse
            {
                ErrorCode = member is null ? ErrorCode.UnknownMemberId : ErrorCode.FencedMemberEpoch,
            };
        }

        if (request.SubscribedTopicNames is { } names && !names.SequenceEqual(member.Topics))
        {
            member.Topics = [.. names];
            _epoch++;
        }

        if (request.TopicPartitions is { } owned)
        {
            HashSet<TopicAndPartition> said = [.. owned.SelectMany(topic =>
                topic.Partitions.Select(partition => new TopicAndPartition(cluster.NameOf(topic.TopicId)!, partition)))];
            member.Current.IntersectWith(said.Union(member.Current.Except(member.Revoking)));
            member.Revoking.IntersectWith(said);
        }

        return Reconcile(member, request.MemberEpoch == 0);
    }

    private ConsumerGroupHeartbeatResponse Reconcile(NewMember member, bool isNew)
    {
        HashSet<TopicAndPartition> target = TargetOf(member);
        HashSet<TopicAndPartition> before = [.. member.Current.Except(member.Revoking)];
        member.Revoking.UnionWith(member.Current.Except(target));
        if (member.Revoking.Count == 0)
        {
            HashSet<TopicAndPartition> others = [.. _newMembers.Where(other => other != member).SelectMany(other => other.Current)];
            member.Current.UnionWith(target.Except(others));
            (member.EpochBefore, member.Epoch) = (member.Epoch, _epoch);
        }

        List<TopicAndPartition> given = [.. member.Current.Except(member.Revoking)];
        ConsumerGroupHeartbeatResponse answer = new()
        {
            MemberId = member.Id,
            MemberEpoch = member.Epoch,
            HeartbeatIntervalMs = 10,
        };
        if (isNew || !before.SetEquals(given))
        {
            answer.Assignment = new ConsumerGroupHeartbeatResponse.AssignmentData();
            foreach (var topic in given.GroupBy(partition => partition.Topic))
            {
                ConsumerGroupHeartbeatResponse.TopicPartitions item = answer.Assignment.TopicPartitions.Add();
                item.TopicId = cluster.Topic(topic.Key)!.Value.Id;
                item.Partitions.AddRange(topic.Select(partition => partition.Partition));
            }
        }

        return answer;
    }

    private HashSet<TopicAndPartition> TargetOf(NewMember member)
    {
        HashSet<TopicAndPartition> target = [];
        int turn = 0;
        foreach ((string name, (_, FakePartition[] partitions)) in cluster.Topics)
        {
            List<NewMember> subscribers = [.. _newMembers.Where(known => known.Topics.Contains(name))];
            for (int i = 0; i < partitions.Length && subscribers.Count > 0; i++)
            {
                if (subscribers[turn++ % subscribers.Count] == member)
                {
                    target.Add(new TopicAndPartition(name, i));
                }
            }
        }

        return target;
    }

    private void Prepare()
    {
        _isPreparing = true;
        _awaitsSync = false;
        foreach (Member member in _members)
        {
            member.Syncing?.Invoke(new SyncGroupResponse { ErrorCode = ErrorCode.RebalanceInProgress });
            member.Syncing = null;
        }

        if (_members.Count > 0 && _members.TrueForAll(member => member.Joining is not null))
        {
            CompleteJoin();
        }
    }

    private void CompleteJoin()
    {
        _isPreparing = false;
        _awaitsSync = true;
        Generation++;
        Protocol = _members[0].Protocols.First(protocol =>
            _members.TrueForAll(member => member.Protocols.Exists(other => other.Name == protocol.Name))).Name;
        foreach (Member member in _members)
        {
            JoinGroupResponse answer = new()
            {
                GenerationId = Generation,
                ProtocolType = "consumer",
                ProtocolName = Protocol,
                Leader = _members[0].Id,
                MemberId = member.Id,
            };
            if (member == _members[0])
            {
                foreach (Member joined in _members)
                {
                    JoinGroupResponse.JoinGroupResponseMember item = answer.Members.Add();
                    item.MemberId = joined.Id;
                    item.Metadata = joined.Protocols.Single(protocol => protocol.Name == Protocol).Metadata;
                }
            }

            member.Assignment = [];
            member.Joining!(answer);
            member.Joining = null;
        }
    }

    private sealed class Member(string id)
    {
        public string Id => id;

        public List<(string Name, byte[] Metadata)> Protocols { get; set; } = [];

        public Action<JoinGroupResponse>? Joining { get; set; }

        public Action<SyncGroupResponse>? Syncing { get; set; }

        public byte[] Assignment { get; set; } = [];
    }

    private sealed class NewMember(string id)
    {
        public string Id => id;

        public int Epoch { get; set; }

        public int EpochBefore { get; set; }

        public List<string> Topics { get; set; } = [];

        /// <summary>What the member may own.</summary>
        public HashSet<TopicAndPartition> Current { get; } = [];

        /// <summary>What of it the member was told to give up and has not said that it did.</summary>
        public HashSet<TopicAndPartition> Revoking { get; } = [];
    }
}
