using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster.Tests.Control;

public sealed class BrokerDecisionTests
{
    [Fact]
    public void A_new_cluster_begins_with_its_feature_levels_and_only_once()
    {
        var cluster = new TestCluster(brokers: 0);

        cluster.Apply(ControllerState.Bootstrap(cluster.Image));

        Assert.Equal(25, cluster.Image.Features["metadata.version"]);
        Assert.Equal(1, cluster.Image.Features["group.version"]);
        Assert.Equal(2, cluster.Image.Features["transaction.version"]);
        Assert.Empty(ControllerState.Bootstrap(cluster.Image));
    }

    [Fact]
    public void A_cluster_begins_as_its_directory_was_formatted()
    {
        var cluster = new TestCluster();
        var level = new FeatureLevelRecord { Name = FeatureLevels.MetadataVersion, FeatureLevel = 20 };
        var user = new UserScramCredentialRecord { Name = "alice", Mechanism = 1 };
        var records = ControllerState.Bootstrap(cluster.Image, [level, user]);
        Assert.Equal([level, user], records.Select(record => record.Record));
    }

    [Theory]
    [InlineData(FeatureLevels.MetadataVersion, 26)]
    [InlineData(FeatureLevels.MetadataVersion, 6)]
    [InlineData("share.version", 1)]
    public void Features_that_cannot_be_used_are_refused(string name, short level)
    {
        var refusal = Assert.Throws<RaftException>(() => FeatureLevels.Check(new Dictionary<string, short> { [name] = level }));
        Assert.Contains($"{name} at level {level}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_registered_broker_is_alive_with_the_offset_of_its_record_as_epoch()
    {
        var cluster = new TestCluster(brokers: 0);
        cluster.Apply(ControllerState.Bootstrap(cluster.Image));

        var decision = ControllerState.RegisterBroker(TestCluster.Registration(1), cluster.Image.LastOffset + 1);
        cluster.Apply(decision.Records);

        var broker = cluster.Image.FindBroker(1)!;
        Assert.Equal((3L, 3L, false), (decision.Result, broker.Epoch, broker.IsFenced));
        Assert.Equal(9093, broker.FindEndPoint("PLAINTEXT")!.Port);
        Assert.Null(broker.FindEndPoint("SSL"));
        Assert.Contains(broker.Features, feature => feature == new SupportedFeature("metadata.version", 7, 25));
    }

    [Fact]
    public void A_restart_registers_anew_and_raises_every_leader_epoch()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "a", PartitionsCount = 3 });
        cluster.Create(new NewTopic { Name = "b" });
        var before = cluster.Image.FindBroker(1)!.Epoch;

        cluster.StartBroker(1);
        cluster.Apply(ControllerState.ElectAfterRestart(cluster.Image, 1));

        Assert.True(cluster.Image.FindBroker(1)!.Epoch > before);
        foreach (var topic in cluster.Image.Topics)
        {
            Assert.All(topic.Partitions.ToArray(), partition =>
                Assert.Equal((1, 1, 1), (partition.Leader, partition.LeaderEpoch, partition.PartitionEpoch)));
        }
    }

    [Fact]
    public void A_broker_leads_only_what_it_holds_and_is_in_sync_with()
    {
        var cluster = new TestCluster(brokers: 2);
        cluster.Create(new NewTopic { Name = "other", Assignments = [new(0, [2])] });
        cluster.Create(new NewTopic { Name = "shared", Assignments = [new(0, [2, 1])] });

        Assert.Empty(ControllerState.ElectAfterRestart(cluster.Image, 1));
    }

    [Fact]
    public void A_partition_without_leader_gets_the_broker_that_comes_back()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "t" });
        var record = new Protocol.Messages.PartitionChangeRecord
        {
            PartitionId = 0,
            TopicId = cluster.Image.FindTopic("t")!.Id,
            Leader = PartitionImage.NoLeader,
        };
        cluster.Apply([new Raft.MetadataRecord(record, 2)]);
        Assert.Equal((-1, 1), (cluster.Image.FindPartition("t", 0)!.Leader, cluster.Image.FindPartition("t", 0)!.LeaderEpoch));

        cluster.Apply(ControllerState.ElectAfterRestart(cluster.Image, 1));

        Assert.Equal((1, 2), (cluster.Image.FindPartition("t", 0)!.Leader, cluster.Image.FindPartition("t", 0)!.LeaderEpoch));
    }

    [Fact]
    public void Producer_ids_come_in_blocks_that_follow_each_other()
    {
        var cluster = new TestCluster();
        var epoch = cluster.Image.FindBroker(1)!.Epoch;

        var first = ControllerState.AllocateProducerIds(cluster.Image, 1, epoch);
        cluster.Apply(first.Records);
        var second = ControllerState.AllocateProducerIds(cluster.Image, 1, epoch);
        cluster.Apply(second.Records);

        Assert.Equal(new ProducerIdBlock(ErrorCode.None, 0, 1000), first.Result);
        Assert.Equal(new ProducerIdBlock(ErrorCode.None, 1000, 1000), second.Result);
        Assert.Equal(2000, cluster.Image.NextProducerId);
    }

    [Fact]
    public void Only_a_broker_in_its_present_run_gets_producer_ids()
    {
        var cluster = new TestCluster();
        var epoch = cluster.Image.FindBroker(1)!.Epoch;

        var stranger = ControllerState.AllocateProducerIds(cluster.Image, 7, epoch);
        var earlier = ControllerState.AllocateProducerIds(cluster.Image, 1, epoch - 1);

        Assert.Equal(ErrorCode.BrokerIdNotRegistered, stranger.Result.Error);
        Assert.Equal(ErrorCode.StaleBrokerEpoch, earlier.Result.Error);
        Assert.Empty(stranger.Records);
        Assert.Empty(earlier.Records);
    }

    [Fact]
    public void The_last_producer_id_is_not_given_out_twice()
    {
        var cluster = new TestCluster();
        var record = new Protocol.Messages.ProducerIdsRecord { BrokerId = 1, NextProducerId = long.MaxValue - 999 };
        cluster.Apply([new Raft.MetadataRecord(record, 0)]);

        var decision =
            ControllerState.AllocateProducerIds(cluster.Image, 1, cluster.Image.FindBroker(1)!.Epoch);

        Assert.Equal(ErrorCode.UnknownServerError, decision.Result.Error);
        Assert.Empty(decision.Records);
    }
}
