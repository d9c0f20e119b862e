using FastLog.Coordination.Assignors;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Consumer;

/// <summary>
/// A consumer that follows KIP-848 as Kafka's own does: one heartbeat at a time, fields only when they changed, everything
/// after an answer was lost. It takes what it is given at once and drops what it is not given any more some time later.
/// </summary>
internal sealed class SimulatedConsumer(string id, string? instanceId, ConsumerGroupHeartbeatRequest subscription)
{
    private TopicPartitionSet? _lastSentOwned;
    private bool _sendsAll = true;

    public string Id => id;

    public string? InstanceId => instanceId;

    public ConsumerGroupHeartbeatRequest Subscription { get; set; } = subscription;

    public int Epoch { get; private set; }

    /// <summary>What it may consume, as it believes.</summary>
    public TopicPartitionSet Owned { get; private set; } = TopicPartitionSet.Empty;

    /// <summary>What it was given last.</summary>
    public TopicPartitionSet Given { get; private set; } = TopicPartitionSet.Empty;

    /// <summary>The heartbeat it waits for the answer of; 0 for none.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Its session or its time to revoke ended: what it believes does not count before it knows.</summary>
    public bool IsExpired { get; set; }

    public bool HasLeft { get; private set; }

    public ConsumerGroupHeartbeatRequest Send(int number)
    {
        Outstanding = number;
        var sendsAll = _sendsAll || Epoch == 0;
        var request = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = id, MemberEpoch = Epoch };
        if (sendsAll)
        {
            request.InstanceId = instanceId;
            request.RebalanceTimeoutMs = 60_000;
            request.SubscribedTopicNames = Subscription.SubscribedTopicNames;
            request.SubscribedTopicRegex = Subscription.SubscribedTopicRegex;
            request.ServerAssignor = Subscription.ServerAssignor;
        }

        if (sendsAll || !Owned.Equals(_lastSentOwned))
        {
            request.TopicPartitions = Heartbeats.ToList(Owned);
            _lastSentOwned = Owned;
        }

        _sendsAll = false;
        return request;
    }

    public ConsumerGroupHeartbeatRequest Leave(bool returns)
    {
        HasLeft = true;
        Owned = Given = TopicPartitionSet.Empty;
        return new ConsumerGroupHeartbeatRequest
        {
            GroupId = "g",
            MemberId = id,
            InstanceId = instanceId,
            MemberEpoch = returns ? -2 : -1,
        };
    }

    public void SendAllNext() => _sendsAll = true;

    /// <summary>It waits no longer for the answer.</summary>
    public void GiveUpWaiting()
    {
        Outstanding = 0;
        _sendsAll = true;
    }

    public void Receive(int number, ConsumerGroupHeartbeatResponse response)
    {
        if (number != Outstanding || HasLeft)
        {
            return;
        }

        Outstanding = 0;
        if (response.ErrorCode != ErrorCode.None)
        {
            // Fenced, or not let in yet: it drops everything and begins anew.
            Epoch = 0;
            Owned = Given = TopicPartitionSet.Empty;
            IsExpired = false;
            _sendsAll = true;
            return;
        }

        Epoch = response.MemberEpoch;
        if (response.Assigned() is { } given)
        {
            Given = given;
            Owned = Owned.Union(given);
        }
    }

    /// <summary>It has stopped consuming what it was not given any more.</summary>
    public void Drop() => Owned = Owned.Intersect(Given);
}
