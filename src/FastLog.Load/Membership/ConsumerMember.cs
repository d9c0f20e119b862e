using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Membership;

/// <summary>A member of a consumer group (KIP-848): the broker tells it in answers to heartbeats what to own.</summary>
/// <param name="group">The group.</param>
/// <param name="index">Its number in the group.</param>
/// <param name="connection">Its connection.</param>
/// <param name="topic">The topic and its partitions.</param>
/// <param name="settings">Timeouts.</param>
/// <param name="counts">Hears what it does.</param>
internal sealed class ConsumerMember(
    LoadGroup group, int index, BrokerConnection connection, TopicMetadata topic, GroupSettings settings, MemberCounts counts)
    : GroupMember(group, index, connection, counts)
{
    private const int LeavingEpoch = -1;

    private readonly string _memberId = Guid.NewGuid().ToString();
    private IReadOnlyList<int> _owned = [];
    private int _epoch;

    /// <inheritdoc/>
    public override Task LeaveAsync(CancellationToken cancellationToken) =>
        Connection.RequestAsync(
            new ConsumerGroupHeartbeatRequest { GroupId = Group.Id, MemberId = _memberId, MemberEpoch = LeavingEpoch },
            cancellationToken);

    /// <inheritdoc/>
    protected override async Task StayAsync(CancellationToken cancellationToken)
    {
        (_epoch, _owned) = (0, []);
        bool tellsOwned = true;
        while (true)
        {
            ConsumerGroupHeartbeatResponse response =
                await BeatAsync(Request(tellsOwned), cancellationToken).ConfigureAwait(false);
            if (response.ErrorCode != ErrorCode.None)
            {
                await OnErrorAsync(response.ErrorCode, cancellationToken).ConfigureAwait(false);
                return;
            }

            _epoch = response.MemberEpoch;
            if (response.Assignment is { } assignment)
            {
                _owned = [.. assignment.TopicPartitions
                    .Where(entry => entry.TopicId == topic.Id).SelectMany(entry => entry.Partitions)];
            }

            Group.Set(Index, _epoch, _owned);
            // What was taken and given up is told at once: others may wait for it.
            tellsOwned = response.Assignment is not null;
            if (!tellsOwned)
            {
                await Task.Delay(response.HeartbeatIntervalMs, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private ConsumerGroupHeartbeatRequest Request(bool tellsOwned)
    {
        ConsumerGroupHeartbeatRequest request = new() { GroupId = Group.Id, MemberId = _memberId, MemberEpoch = _epoch };
        if (_epoch == 0)
        {
            request.RebalanceTimeoutMs = settings.RebalanceTimeoutMs;
            request.SubscribedTopicNames = [topic.Name];
        }

        if (tellsOwned)
        {
            request.TopicPartitions = new();
            if (_owned.Count > 0)
            {
                ConsumerGroupHeartbeatRequest.TopicPartition entry = request.TopicPartitions.Add();
                entry.TopicId = topic.Id;
                foreach (int partition in _owned)
                {
                    entry.Partitions.Add(partition);
                }
            }
        }

        return request;
    }
}
