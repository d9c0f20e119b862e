using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Membership;

/// <summary>A member of a classic group. The leader deals the partitions out in turn.</summary>
/// <param name="group">The group.</param>
/// <param name="index">Its number in the group.</param>
/// <param name="connection">For requests that are answered at once.</param>
/// <param name="waiting">For those that are answered when all members have come.</param>
/// <param name="topic">The topic and its partitions.</param>
/// <param name="settings">Intervals and timeouts.</param>
/// <param name="counts">Hears what it does.</param>
/// <param name="firstBeat">How long after it has joined its first heartbeat comes, so that not all members' come at once.</param>
internal sealed class ClassicMember(
    LoadGroup group,
    int index,
    BrokerConnection connection,
    BrokerConnection waiting,
    TopicMetadata topic,
    GroupSettings settings,
    MemberCounts counts,
    TimeSpan firstBeat) : GroupMember(group, index, connection, counts)
{
    private const string ProtocolType = "consumer";
    private const string Assignor = "range";
    private const short MessageVersion = 1;

    private readonly byte[] _subscription = Subscription(topic.Name);
    private string _memberId = "";
    private int _generation = -1;

    /// <inheritdoc/>
    public override async Task IdentifyAsync(CancellationToken cancellationToken)
    {
        while (_memberId.Length == 0)
        {
            JoinGroupResponse response =
                await Connection.RequestAsync(Join(), cancellationToken).ConfigureAwait(false);
            _memberId = response.MemberId;
            if (response.ErrorCode is not (ErrorCode.None or ErrorCode.MemberIdRequired))
            {
                await OnErrorAsync(response.ErrorCode, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task LeaveAsync(CancellationToken cancellationToken)
    {
        LeaveGroupRequest request = new() { GroupId = Group.Id, MemberId = _memberId };
        if (Connection.VersionOf(ApiKey.LeaveGroup) >= 3)
        {
            request = new LeaveGroupRequest { GroupId = Group.Id };
            request.Members.Add().MemberId = _memberId;
        }

        await Connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task StayAsync(CancellationToken cancellationToken)
    {
        await IdentifyAsync(cancellationToken).ConfigureAwait(false);
        JoinGroupResponse joined = await waiting.RequestAsync(Join(), cancellationToken).ConfigureAwait(false);
        if (joined.ErrorCode != ErrorCode.None)
        {
            await OnJoinErrorAsync(joined.ErrorCode, cancellationToken).ConfigureAwait(false);
            return;
        }

        _generation = joined.GenerationId;
        (ErrorCode error, IReadOnlyList<int> owned) = await SyncAsync(joined, cancellationToken).ConfigureAwait(false);
        if (error != ErrorCode.None)
        {
            await OnJoinErrorAsync(error, cancellationToken).ConfigureAwait(false);
            return;
        }

        Group.Set(Index, _generation, owned);
        await BeatAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        HeartbeatRequest request = new() { GroupId = Group.Id, MemberId = _memberId, GenerationId = _generation };
        TimeSpan pause = firstBeat;
        while (true)
        {
            await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            HeartbeatResponse response = await BeatAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.ErrorCode != ErrorCode.None)
            {
                await OnJoinErrorAsync(response.ErrorCode, cancellationToken).ConfigureAwait(false);
                return;
            }

            pause = TimeSpan.FromMilliseconds(settings.HeartbeatIntervalMs);
        }
    }

    private async Task OnJoinErrorAsync(ErrorCode error, CancellationToken cancellationToken)
    {
        if (error == ErrorCode.RebalanceInProgress)
        {
            return;
        }

        if (error == ErrorCode.UnknownMemberId)
        {
            _memberId = "";
        }

        await OnErrorAsync(error, cancellationToken).ConfigureAwait(false);
    }

    private JoinGroupRequest Join()
    {
        JoinGroupRequest request = new()
        {
            GroupId = Group.Id,
            MemberId = _memberId,
            ProtocolType = ProtocolType,
            SessionTimeoutMs = settings.SessionTimeoutMs,
            RebalanceTimeoutMs = settings.RebalanceTimeoutMs,
        };
        JoinGroupRequest.JoinGroupRequestProtocol protocol = request.Protocols.Add();
        protocol.Name = Assignor;
        protocol.Metadata = _subscription;
        return request;
    }

    private async Task<(ErrorCode Error, IReadOnlyList<int> Owned)> SyncAsync(
        JoinGroupResponse joined, CancellationToken cancellationToken)
    {
        SyncGroupRequest request = new()
        {
            GroupId = Group.Id,
            GenerationId = joined.GenerationId,
            MemberId = joined.MemberId,
            ProtocolType = ProtocolType,
            ProtocolName = Assignor,
        };
        if (joined.Leader == joined.MemberId)
        {
            AddAssignments(request, [.. joined.Members.Select(member => member.MemberId)]);
        }

        short version = waiting.VersionOf(ApiKey.SyncGroup);
        SyncGroupResponse response = new();
        // What it carries is a part of the frame.
        using ResponseFrame frame =
            await waiting.SendAsync(request, version).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        waiting.Decode(frame, response, version);
        return (response.ErrorCode, response.ErrorCode == ErrorCode.None ? Read(response.Assignment) : []);
    }

    private void AddAssignments(SyncGroupRequest request, IReadOnlyList<string> memberIds)
    {
        for (int member = 0; member < memberIds.Count; member++)
        {
            ConsumerProtocolAssignment assignment = new();
            ConsumerProtocolAssignment.TopicPartition entry = assignment.AssignedPartitions.Add();
            entry.Topic = topic.Name;
            for (int partition = member; partition < topic.Partitions.Count; partition += memberIds.Count)
            {
                entry.Partitions.Add(partition);
            }

            SyncGroupRequest.SyncGroupRequestAssignment assigned = request.Assignments.Add();
            assigned.MemberId = memberIds[member];
            assigned.Assignment = VersionPrefixed.ToArray(assignment, MessageVersion);
        }
    }

    private static List<int> Read(ReadOnlyMemory<byte> bytes)
    {
        ConsumerProtocolAssignment assignment = new();
        VersionPrefixed.Decode(assignment, bytes);
        return [.. assignment.AssignedPartitions.SelectMany(entry => entry.Partitions)];
    }

    private static byte[] Subscription(string topic)
    {
        ConsumerProtocolSubscription subscription = new();
        subscription.Topics.Add(topic);
        return VersionPrefixed.ToArray(subscription, MessageVersion);
    }
}
