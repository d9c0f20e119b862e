using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Control;

public sealed class ReassignmentTests
{
    private readonly TestCluster _cluster = new(brokers: 2);

    public ReassignmentTests()
    {
        _cluster.RegisterFenced(3);
        _cluster.Create(new NewTopic { Name = "t", Assignments = [new NewPartition(0, [1, 2])] });
        _cluster.Create(new NewTopic { Name = "single", Assignments = [new NewPartition(0, [1])] });
    }

    private PartitionImage First => _cluster.Image.FindPartition("t", 0)!;

    [Fact]
    public void Where_it_is_already_nothing_changes()
    {
        var before = _cluster.Image;

        Assert.Equal(ErrorCode.None, Alter("t", 0, 1, 2).Error);
        Assert.Equal(before.LastOffset, _cluster.Image.LastOffset);
    }

    [Fact]
    public void Without_a_reassignment_there_is_nothing_to_cancel() =>
        Assert.Equal(ErrorCode.NoReassignmentInProgress, Alter(new PartitionReassignment("t", 0, null)).Error);

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.Equal("Unable to find a topic named none.", Alter("none", 0, 1).Message);
        Assert.Equal("Unable to find partition t:5.", Alter("t", 5, 1).Message);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Alter("t", 5, 1).Error);
    }

    [Theory]
    [InlineData]
    [InlineData(9)]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    public void Targets_are_live_brokers_each_once(params int[] target)
    {
        var outcome = Alter("t", 0, target);

        Assert.Equal(ErrorCode.InvalidReplicaAssignment, outcome.Error);
        Assert.NotNull(outcome.Message);
        Assert.Equal([1, 2], First.Replicas);
    }

    [Fact]
    public void A_replica_that_would_have_to_be_copied_first_is_refused() =>
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, Alter("single", 0, 2).Error);

    [Fact]
    public void Who_is_in_sync_can_stay_alone_and_leads()
    {
        var directory = First.DirectoryOf(2);

        Assert.Equal(ErrorCode.None, Alter("t", 0, 2).Error);

        Assert.Equal([2], First.Replicas);
        Assert.Equal([2], First.Isr);
        Assert.Equal(2, First.Leader);
        Assert.Equal([directory], First.Directories);
    }

    [Fact]
    public void A_new_order_leaves_the_leader()
    {
        Assert.Equal(ErrorCode.None, Alter("t", 0, 2, 1).Error);

        Assert.Equal([2, 1], First.Replicas);
        Assert.Equal((1, 0), (First.Leader, First.LeaderEpoch));
    }

    [Fact]
    public void A_partition_named_twice_is_changed_once()
    {
        var decision = ControllerState.AlterReassignments(
            _cluster.Image, [new("t", 0, [2]), new("t", 0, [1])]);

        Assert.Equal([ErrorCode.None, ErrorCode.InvalidRequest], decision.Result.Select(outcome => outcome.Error));
        Assert.Single(decision.Records);
    }

    [Fact]
    public void A_broker_that_is_gone_is_forgotten_with_all_its_parts()
    {
        var decision = ControllerState.UnregisterBroker(_cluster.Image, 1, runningId: 2);
        _cluster.Apply(decision.Records);

        Assert.Equal(ErrorCode.None, decision.Result);
        Assert.Null(_cluster.Image.FindBroker(1));
        Assert.Equal(2, First.Leader);
        Assert.Equal([2], First.Isr);
        var second = _cluster.Image.FindPartition("single", 0)!;
        Assert.Equal(PartitionImage.NoLeader, second.Leader);
        Assert.Equal([1], second.Isr);
    }

    [Theory]
    [InlineData(99, ErrorCode.BrokerIdNotRegistered)]
    [InlineData(2, ErrorCode.InvalidRequest)]
    public void Who_is_unknown_or_runs_is_not_forgotten(int brokerId, ErrorCode error)
    {
        var decision = ControllerState.UnregisterBroker(_cluster.Image, brokerId, runningId: 2);

        Assert.Equal(error, decision.Result);
        Assert.Empty(decision.Records);
    }

    private PartitionOutcome Alter(string topic, int partition, params int[] target) =>
        Alter(new PartitionReassignment(topic, partition, target));

    private PartitionOutcome Alter(PartitionReassignment reassignment)
    {
        var decision = ControllerState.AlterReassignments(_cluster.Image, [reassignment]);
        _cluster.Apply(decision.Records);
        return Assert.Single(decision.Result);
    }
}
