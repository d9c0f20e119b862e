using FastLog.Protocol;
using FastLog.Storage;

namespace FastLog.Cluster.Tests.Control;

public sealed class ElectionTests
{
    private readonly TestCluster _cluster = new(brokers: 2);

    public ElectionTests() =>
        _cluster.Create(new NewTopic
        {
            Name = "t",
            Assignments = [new NewPartition(0, [1, 2]), new NewPartition(1, [2, 1])],
        });

    private PartitionImage First => _cluster.Image.FindPartition("t", 0)!;

    [Theory]
    [InlineData(ElectionType.Preferred)]
    [InlineData(ElectionType.Unclean)]
    public void Where_all_is_well_no_election_is_needed(ElectionType type)
    {
        var outcome = Assert.Single(Elect(type, ("t", 0)));

        Assert.Equal(ErrorCode.ElectionNotNeeded, outcome.Error);
        Assert.Equal("Leader election not needed for topic partition.", outcome.Message);
        Assert.Empty(Elect(type));
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        var outcomes = Elect(ElectionType.Preferred, ("none", 0), ("t", 2));

        Assert.Equal(["No such topic as none", "No such partition as t-2"], outcomes.Select(outcome => outcome.Message));
        Assert.All(outcomes, outcome => Assert.Equal(ErrorCode.UnknownTopicOrPartition, outcome.Error));
    }

    [Fact]
    public void The_preferred_replica_leads_again()
    {
        Change(leader: 2, isr: [1, 2]);
        var epoch = First.LeaderEpoch;

        Assert.Equal(ErrorCode.None, Assert.Single(Elect(ElectionType.Preferred)).Error);
        Assert.Equal((1, epoch + 1), (First.Leader, First.LeaderEpoch));
        Assert.Equal([1, 2], First.Isr);
    }

    [Fact]
    public void A_preferred_replica_that_is_behind_or_gone_does_not_lead()
    {
        Change(leader: 2, isr: [2]);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Assert.Single(Elect(ElectionType.Preferred, ("t", 0))).Error);

        Change(leader: 2, isr: [1, 2]);
        _cluster.RegisterFenced(1);
        Assert.Equal(ErrorCode.PreferredLeaderNotAvailable, Assert.Single(Elect(ElectionType.Preferred, ("t", 0))).Error);
        Assert.Equal(2, First.Leader);
    }

    [Fact]
    public void Uncleanly_whoever_lives_leads_and_is_alone_in_sync()
    {
        Change(leader: PartitionImage.NoLeader, isr: [1]);
        _cluster.RegisterFenced(1);

        Assert.Equal(ErrorCode.None, Assert.Single(Elect(ElectionType.Unclean, ("t", 0))).Error);
        Assert.Equal(2, First.Leader);
        Assert.Equal([2], First.Isr);
    }

    [Fact]
    public void Uncleanly_too_one_in_sync_comes_first()
    {
        Change(leader: PartitionImage.NoLeader, isr: [2]);

        Elect(ElectionType.Unclean, ("t", 0), ("t", 0));

        Assert.Equal(2, First.Leader);
        Assert.Equal([2], First.Isr);
    }

    [Fact]
    public void What_lies_in_a_failed_directory_is_not_elected()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 1 });
        cluster.Apply(ControllerState.LoseDirectories(cluster.Image, 1, [Guid.NewGuid()]));
        Assert.Equal(PartitionImage.NoLeader, cluster.Image.FindPartition("t", 0)!.Leader);

        var decision = ControllerState.ElectLeaders(cluster.Image, ElectionType.Unclean, null);

        Assert.Equal(ErrorCode.EligibleLeadersNotAvailable, Assert.Single(decision.Result).Error);
        Assert.Empty(decision.Records);
    }

    private void Change(int leader, int[] isr) => _cluster.Apply(
        [
            new(
                new FastLog.Protocol.Messages.PartitionChangeRecord
                {
                    TopicId = _cluster.Image.FindTopic("t")!.Id,
                    PartitionId = 0,
                    Leader = leader,
                    Isr = [.. isr],
                },
                2),
        ]);

    private IReadOnlyList<PartitionOutcome> Elect(ElectionType type, params (string Topic, int Partition)[] partitions)
    {
        var decision = ControllerState.ElectLeaders(
            _cluster.Image,
            type,
            partitions.Length == 0 ? null : [.. partitions.Select(asked => new TopicPartition(asked.Topic, asked.Partition))]);
        _cluster.Apply(decision.Records);
        return decision.Result;
    }
}
