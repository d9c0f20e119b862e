using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Control;

public sealed class CreatePartitionsTests
{
    public static TheoryData<MorePartitions, ErrorCode, string?> Refused => new()
    {
        { new("nobody", 3), ErrorCode.UnknownTopicOrPartition, null },
        { new("t", 2), ErrorCode.InvalidPartitions, "Topic already has 2 partition(s)." },
        {
            new("t", 1), ErrorCode.InvalidPartitions,
            "The topic t currently has 2 partition(s); 1 would not be an increase."
        },
        {
            new("t", -1), ErrorCode.InvalidPartitions,
            "The topic t currently has 2 partition(s); -1 would not be an increase."
        },
        {
            new("t", 10_003), ErrorCode.PolicyViolation, "Excessively large number of partitions per request."
        },
        {
            new("t", 4, [[1, 2]]), ErrorCode.InvalidReplicaAssignment,
            "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified."
        },
        {
            new("t", 3, [[0, 1]]), ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes broker 0, but no such broker is registered."
        },
        {
            new("t", 3, [[1]]), ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with "
            + "previous partitions, which have 2 replica(s)."
        },
        {
            new("t", 3, [[]]), ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes an empty replica list."
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_added_is_refused(MorePartitions more, ErrorCode error, string? message)
    {
        var cluster = Cluster();

        var result = Assert.Single(cluster.AddPartitions(false, more));

        Assert.Equal(new CreatePartitionsResult(more.Name, error, message), result);
        Assert.Equal(2, cluster.Image.FindTopic("t")!.PartitionsCount);
    }

    [Fact]
    public void Partitions_are_added_behind_with_the_topics_replication_factor()
    {
        var cluster = Cluster();
        var first = cluster.Image.FindPartition("t", 0);

        var result = Assert.Single(cluster.AddPartitions(false, new MorePartitions("t", 5)));

        Assert.Equal(ErrorCode.None, result.Error);
        var topic = cluster.Image.FindTopic("t")!;
        Assert.Equal(5, topic.PartitionsCount);
        Assert.Same(first, topic.FindPartition(0));
        Assert.All(topic.Partitions.ToArray(), partition => Assert.Equal(2, partition.Replicas.Length));
        Assert.Equal(["t"], cluster.LastDelta!.ChangedTopics.Select(changed => changed.Name));
    }

    [Fact]
    public void Assignments_are_taken_as_they_are()
    {
        var cluster = Cluster();

        cluster.AddPartitions(false, new MorePartitions("t", 4, [[2, 1], [1, 2]]));

        Assert.Equal([2, 1], cluster.Image.FindPartition("t", 2)!.Replicas);
        Assert.Equal([1, 2], cluster.Image.FindPartition("t", 3)!.Replicas);
    }

    [Fact]
    public void A_name_given_twice_is_refused_once()
    {
        var cluster = Cluster();

        var result = Assert.Single(
            cluster.AddPartitions(false, new MorePartitions("t", 3), new MorePartitions("t", 4)));

        Assert.Equal((ErrorCode.InvalidRequest, "Duplicate topic name."), (result.Error, result.Message));
    }

    [Fact]
    public void Validation_alone_changes_nothing()
    {
        var cluster = Cluster();

        var result = Assert.Single(cluster.AddPartitions(true, new MorePartitions("t", 3)));

        Assert.Equal(ErrorCode.None, result.Error);
        Assert.Equal(2, cluster.Image.FindTopic("t")!.PartitionsCount);
    }

    private static TestCluster Cluster()
    {
        var cluster = new TestCluster(brokers: 2);
        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 2, ReplicationFactor = 2 });
        return cluster;
    }
}
