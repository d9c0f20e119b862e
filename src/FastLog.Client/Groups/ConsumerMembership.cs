using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>
/// A member of a group of the new protocol (KIP-848): one kind of request, which joins, keeps, acknowledges and leaves.
/// The broker says what the member shall own; the member gives up and takes over, and says what it owns.
/// </summary>
internal sealed class ConsumerMembership : GroupMembership
{
    private const int JoiningEpoch = 0;
    private const int LeavingEpoch = -1;
    private const int LeavingStaticEpoch = -2;
    private const int DefaultHeartbeatMs = 5_000;

    private readonly Dictionary<TopicAndPartition, Guid> _topicIds = [];
    private HashSet<(Guid TopicId, int Partition)>? _target;
    private Dictionary<Guid, string> _names = [];
    private bool _isMember;
    private bool _sendsAll = true;
    private bool _sendsSubscription = true;
    private bool _hasSaidPattern;
    private bool _acknowledges;
    private bool _wantsMetadata;
    private bool _hasAskedForNames;
    private bool _hasAskedInVain;
    private int _heartbeatMs = DefaultHeartbeatMs;
    private long _heartbeatDueMs = long.MinValue;

    /// <summary>A member that joins when it subscribes to something.</summary>
    /// <param name="options">Group and member.</param>
    /// <param name="memberId">Made by the client, for as long as it lives (KIP-1082).</param>
    public ConsumerMembership(ConsumerOptions options, string memberId)
        : base(options) => MemberId = memberId;

    public override bool IsMember => _isMember;

    public override bool WantsMetadata => _wantsMetadata;

    /// <summary>When the subscription's own topics did not explain an assignment, only all topics can.</summary>
    public override IReadOnlyCollection<string>? TopicsWanted =>
        Subscription.Pattern is null && !_hasAskedInVain ? Subscription.Topics : null;

    /// <inheritdoc/>
    public override void OnMetadata(ClusterMetadata metadata)
    {
        _wantsMetadata = false;
        _names = metadata.Topics.Where(topic => topic.Id != Guid.Empty)
            .GroupBy(topic => topic.Id).ToDictionary(same => same.Key, same => same.First().Name);
    }

    protected override void OnSubscriptionChanged() => _sendsSubscription = true;

    protected override void Advance(long nowMs)
    {
        if (Step is not null)
        {
            return;
        }

        if (!_isMember)
        {
            Step = Owned.Count > 0 ? new RebalanceStep([.. Owned], [], []) : null;
            return;
        }

        if (_target is { } target)
        {
            Reconcile(target, nowMs);
        }
    }

    protected override IRequest? Request(long nowMs)
    {
        if (!_isMember && (Subscription.IsEmpty || Owned.Count > 0 || Step is not null))
        {
            return null;
        }

        bool isDue = !_isMember || _sendsSubscription || _acknowledges || nowMs >= _heartbeatDueMs;
        return isDue ? Heartbeat(nowMs) : null;
    }

    protected override long NextDueMs() => _isMember ? _heartbeatDueMs : long.MaxValue;

    protected override void Take(IResponse response, long nowMs)
    {
        var answer = (ConsumerGroupHeartbeatResponse)response;
        if (answer.ErrorCode == ErrorCode.None)
        {
            TakeAnswer(answer, nowMs);
            return;
        }

        _sendsAll = true;
        if (TryRetry(answer.ErrorCode, nowMs))
        {
            return;
        }

        if (answer.ErrorCode is ErrorCode.FencedMemberEpoch or ErrorCode.UnknownMemberId)
        {
            // Joining as new: whoever fenced us may have given our partitions away.
            if (!_isMember)
            {
                Retry(nowMs);
            }

            OnRemoved();
            return;
        }

        FailWith(answer.ErrorCode, answer.ErrorMessage);
    }

    /// <summary>Nobody knows whether the broker took what the request said, so the next one says it all.</summary>
    protected override void OnLost() => _sendsAll = true;

    protected override void AfterStep(RebalanceStep step)
    {
        foreach (TopicAndPartition gone in step.Lost.Concat(step.Revoked))
        {
            _topicIds.Remove(gone);
        }

        _acknowledges = _isMember;
    }

    protected override IRequest LeaveRequest() => new ConsumerGroupHeartbeatRequest
    {
        GroupId = Options.GroupId!,
        MemberId = MemberId,
        InstanceId = Options.GroupInstanceId,
        MemberEpoch = Options.GroupInstanceId is null ? LeavingEpoch : LeavingStaticEpoch,
        SubscribedTopicNames = null,
        TopicPartitions = null,
    };

    protected override void OnRemoved()
    {
        _isMember = false;
        _target = null;
        _sendsAll = true;
        _acknowledges = false;
        _wantsMetadata = false;
        Epoch = -1;
        DropUntakenStep();
    }

    protected override void OnPolledAgain()
    {
    }

    private void Reconcile(HashSet<(Guid TopicId, int Partition)> target, long nowMs)
    {
        Dictionary<TopicAndPartition, Guid> wanted = [];
        foreach ((Guid topicId, int partition) in target)
        {
            if (!_names.TryGetValue(topicId, out string? name))
            {
                AskForNames(nowMs);
                continue;
            }

            wanted[new TopicAndPartition(name, partition)] = topicId;
        }

        List<TopicAndPartition> revoked = [.. Owned.Where(owned =>
            !target.Contains((_topicIds.GetValueOrDefault(owned), owned.Partition)))];
        List<TopicAndPartition> added = [.. wanted.Keys.Where(partition => !Owned.Contains(partition))];
        if (revoked.Count == 0 && added.Count == 0)
        {
            return;
        }

        foreach (TopicAndPartition partition in added)
        {
            _topicIds[partition] = wanted[partition];
        }

        Step = new RebalanceStep([], revoked, added) { CommitsFirst = revoked.Count > 0 };
    }

    /// <summary>Metadata that do not name a topic yet will do so soon, or never: asked for at once, then ever slower.</summary>
    private void AskForNames(long nowMs)
    {
        if (_wantsMetadata)
        {
            return;
        }

        _wantsMetadata = true;
        _hasAskedInVain = _hasAskedForNames;
        if (_hasAskedInVain)
        {
            Retry(nowMs);
        }

        _hasAskedForNames = true;
    }

    private ConsumerGroupHeartbeatRequest Heartbeat(long nowMs)
    {
        bool saysAll = _sendsAll || !_isMember;
        ConsumerGroupHeartbeatRequest request = new()
        {
            GroupId = Options.GroupId!,
            MemberId = MemberId,
            MemberEpoch = _isMember ? Epoch : JoiningEpoch,
            InstanceId = Options.GroupInstanceId,
            RackId = saysAll ? Options.ClientRack : null,
            RebalanceTimeoutMs = saysAll ? Options.MaxPollIntervalMs : -1,
            ServerAssignor = saysAll ? Options.GroupRemoteAssignor : null,
            SubscribedTopicNames = null,
            TopicPartitions = null,
        };
        if (saysAll || _sendsSubscription)
        {
            request.SubscribedTopicNames = [];
            request.SubscribedTopicNames.AddRange(Subscription.Topics);
            request.SubscribedTopicRegex = Subscription.Pattern ?? (_hasSaidPattern ? "" : null);
            _hasSaidPattern |= Subscription.Pattern is not null;
        }

        if (saysAll || _acknowledges)
        {
            SayOwned(request);
        }

        _sendsAll = false;
        _sendsSubscription = false;
        _acknowledges = false;
        _heartbeatDueMs = nowMs + _heartbeatMs;
        return request;
    }

    private void SayOwned(ConsumerGroupHeartbeatRequest request)
    {
        request.TopicPartitions = [];
        foreach (var topic in Owned.GroupBy(owned => _topicIds[owned]))
        {
            ConsumerGroupHeartbeatRequest.TopicPartition item = request.TopicPartitions.Add();
            item.TopicId = topic.Key;
            item.Partitions.AddRange(topic.Select(owned => owned.Partition).Order());
        }
    }

    private void TakeAnswer(ConsumerGroupHeartbeatResponse answer, long nowMs)
    {
        OnSuccess();
        _isMember = true;
        Epoch = answer.MemberEpoch;
        MemberId = string.IsNullOrEmpty(answer.MemberId) ? MemberId : answer.MemberId;
        _heartbeatMs = Math.Max(1, answer.HeartbeatIntervalMs);
        _heartbeatDueMs = nowMs + _heartbeatMs;
        if (answer.Assignment is { } assignment)
        {
            _hasAskedForNames = false;
            _target = [.. assignment.TopicPartitions.SelectMany(
                topic => topic.Partitions.Select(partition => (topic.TopicId, partition)))];
        }
    }
}
