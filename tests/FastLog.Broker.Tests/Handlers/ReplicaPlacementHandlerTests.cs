using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>ElectLeaders, AlterPartitionReassignments, ListPartitionReassignments, UnregisterBroker.</summary>
public sealed class ReplicaPlacementHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Fact]
    public void Nothing_needs_an_election_when_all_lead() =>
        Assert.Empty(Client.Send(new ElectLeadersRequest { TopicPartitions = null }, 2).ReplicaElectionResults);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Each_partition_asked_for_is_answered(sbyte type)
    {
        var topic = NewTopic(2);
        var request = new ElectLeadersRequest { ElectionType = type, TopicPartitions = [] };
        var asked = request.TopicPartitions.Add();
        asked.Topic = topic;
        asked.Partitions.AddRange([0, 1, 2]);

        var result = Assert.Single(Client.Send(request, 2).ReplicaElectionResults);

        Assert.Equal(
            [(0, ErrorCode.ElectionNotNeeded), (1, ErrorCode.ElectionNotNeeded), (2, ErrorCode.UnknownTopicOrPartition)],
            result.PartitionResult.Select(partition => (partition.PartitionId, partition.ErrorCode)));
    }

    [Fact]
    public void An_unknown_kind_of_election_is_an_invalid_request() =>
        Assert.Equal(ErrorCode.InvalidRequest, Client.Send(new ElectLeadersRequest { ElectionType = 2 }, 2).ErrorCode);

    [Fact]
    public void A_partition_stays_where_it_is_and_goes_nowhere_else()
    {
        var topic = NewTopic();

        Assert.Equal(ErrorCode.None, Alter(topic, 0, [1]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Alter(topic, 0, [1, 1]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Alter(topic, 0, [2]).ErrorCode);
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Alter(topic, 0, []).ErrorCode);
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Alter(topic, 0, null).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Alter(topic, 1, [1]).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Alter(NewName(), 0, [1]).ErrorCode);
        Assert.Equal(0, Client.Produce(topic, TestBatch.Of("served on")));
    }

    [Fact]
    public void No_reassignment_is_ever_under_way()
    {
        var request = new ListPartitionReassignmentsRequest { Topics = [] };
        var asked = request.Topics.Add();
        asked.Name = NewTopic();
        asked.PartitionIndexes.AddRange([0, 0, 5]);

        Assert.Empty(Client.Send(request, 0).Topics);
        Assert.Empty(Client.Send(new ListPartitionReassignmentsRequest { Topics = null }, 0).Topics);
    }

    [Fact]
    public void The_broker_that_is_asked_stays_registered()
    {
        var response = Client.Send(new UnregisterBrokerRequest { BrokerId = 1 }, 0);

        Assert.Equal((ErrorCode.InvalidRequest, "Broker 1 is running."), (response.ErrorCode, response.ErrorMessage));
        Assert.Single(Client.Send(new DescribeClusterRequest { EndpointType = 1 }, 1).Brokers);
    }

    private AlterPartitionReassignmentsResponse.ReassignablePartitionResponse Alter(string topic, int partition, int[]? replicas)
    {
        var request = new AlterPartitionReassignmentsRequest();
        var asked = request.Topics.Add();
        asked.Name = topic;
        var wanted = asked.Partitions.Add();
        wanted.PartitionIndex = partition;
        wanted.Replicas = replicas is null ? null : [.. replicas];
        return Assert.Single(Assert.Single(Client.Send(request, 0).Responses).Partitions);
    }
}
