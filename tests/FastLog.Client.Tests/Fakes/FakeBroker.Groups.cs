using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client.Tests.Fakes;

/// <content>Groups.</content>
internal sealed partial class FakeBroker
{
    private bool AnswerGroups(RequestHeader header, IRequest request, PendingResponse response)
    {
        switch (request)
        {
            case FindCoordinatorRequest find:
                Complete(header, FindCoordinator(header, find), response);
                return true;
            case JoinGroupRequest join:
                _cluster.Group(join.GroupId).Join(join, answer => Complete(header, answer, response));
                return true;
            case SyncGroupRequest sync:
                _cluster.Group(sync.GroupId).Sync(sync, answer => Complete(header, answer, response));
                return true;
            case HeartbeatRequest heartbeat:
                Complete(header, _cluster.Group(heartbeat.GroupId).Heartbeat(heartbeat), response);
                return true;
            case LeaveGroupRequest leave:
                Complete(header, _cluster.Group(leave.GroupId).Leave(leave), response);
                return true;
            case OffsetCommitRequest commit:
                Complete(header, _cluster.Group(commit.GroupId).Commit(commit), response);
                return true;
            case OffsetFetchRequest fetch:
                Complete(header, OffsetFetch(header, fetch), response);
                return true;
            case ConsumerGroupHeartbeatRequest heartbeat:
                Complete(header, _cluster.Group(heartbeat.GroupId).Heartbeat(heartbeat), response);
                return true;
            default:
                return false;
        }
    }

    private FindCoordinatorResponse FindCoordinator(RequestHeader header, FindCoordinatorRequest request)
    {
        FakeBroker coordinator = _cluster.Coordinator;
        (string host, int port) = (coordinator.EndPoint.Address.ToString(), coordinator.EndPoint.Port);
        FindCoordinatorResponse answer = new();
        if (header.ApiVersion < 4)
        {
            (answer.NodeId, answer.Host, answer.Port) = (coordinator.NodeId, host, port);
            return answer;
        }

        foreach (string key in request.CoordinatorKeys)
        {
            FindCoordinatorResponse.Coordinator item = answer.Coordinators.Add();
            item.Key = key;
            (item.NodeId, item.Host, item.Port) = (coordinator.NodeId, host, port);
            item.ErrorCode = _cluster.Group(key).Fault(ApiKey.FindCoordinator);
        }

        return answer;
    }

    private OffsetFetchResponse OffsetFetch(RequestHeader header, OffsetFetchRequest request)
    {
        OffsetFetchResponse answer = new();
        if (header.ApiVersion < 8)
        {
            FakeGroup group = _cluster.Group(request.GroupId);
            answer.ErrorCode = group.Fault(ApiKey.OffsetFetch);
            foreach (OffsetFetchRequest.OffsetFetchRequestTopic topic in request.Topics!)
            {
                OffsetFetchResponse.OffsetFetchResponseTopic said = answer.Topics.Add();
                said.Name = topic.Name;
                foreach (int partition in topic.PartitionIndexes)
                {
                    OffsetAndMetadata offset = OffsetOf(group, topic.Name, partition);
                    OffsetFetchResponse.OffsetFetchResponsePartition item = said.Partitions.Add();
                    (item.PartitionIndex, item.CommittedOffset, item.Metadata) = (partition, offset.Offset, offset.Metadata);
                }
            }

            return answer;
        }

        foreach (OffsetFetchRequest.OffsetFetchRequestGroup asked in request.Groups)
        {
            FakeGroup group = _cluster.Group(asked.GroupId);
            OffsetFetchResponse.OffsetFetchResponseGroup answered = answer.Groups.Add();
            answered.GroupId = asked.GroupId;
            answered.ErrorCode = group.Fault(ApiKey.OffsetFetch);
            var wanted = asked.Topics?.Select(topic => (topic.Name, Partitions: topic.PartitionIndexes.ToList()))
                ?? group.Offsets.Keys.GroupBy(key => key.Topic).Select(topic => (topic.Key, topic.Select(key => key.Partition).ToList()));
            foreach ((string name, List<int> partitions) in wanted)
            {
                OffsetFetchResponse.OffsetFetchResponseTopics said = answered.Topics.Add();
                said.Name = name;
                foreach (int partition in partitions)
                {
                    OffsetAndMetadata offset = OffsetOf(group, name, partition);
                    OffsetFetchResponse.OffsetFetchResponsePartitions item = said.Partitions.Add();
                    (item.PartitionIndex, item.CommittedOffset, item.CommittedLeaderEpoch, item.Metadata) =
                        (partition, offset.Offset, offset.LeaderEpoch, offset.Metadata);
                }
            }
        }

        return answer;
    }

    private static OffsetAndMetadata OffsetOf(FakeGroup group, string topic, int partition) =>
        group.Offsets.GetValueOrDefault(new TopicAndPartition(topic, partition), new OffsetAndMetadata(-1));
}
