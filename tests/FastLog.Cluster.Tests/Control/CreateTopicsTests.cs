using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Cluster.Tests.Control;

public sealed class CreateTopicsTests
{
    private static readonly string LongestName = new('a', TopicNames.LengthCharsMax);

    public static TheoryData<string, NewTopic, ErrorCode, string?> Refused => new()
    {
        { "exists", new() { Name = "there" }, ErrorCode.TopicAlreadyExists, "Topic 'there' already exists." },
        {
            "collides with . for _", new() { Name = "a.b" }, ErrorCode.InvalidTopicException,
            "Topic 'a.b' collides with existing topic: a_b"
        },
        {
            "character", new() { Name = "bad name!" }, ErrorCode.InvalidTopicException,
            "Topic name is invalid: 'bad name!' contains one or more characters other than ASCII alphanumerics, '.', "
            + "'_' and '-'"
        },
        { "empty", new() { Name = "" }, ErrorCode.InvalidTopicException, "Topic name is invalid: the empty string is not allowed" },
        { "dot", new() { Name = "." }, ErrorCode.InvalidTopicException, "Topic name is invalid: '.' or '..' is not allowed" },
        { "dots", new() { Name = ".." }, ErrorCode.InvalidTopicException, "Topic name is invalid: '.' or '..' is not allowed" },
        {
            "too long", new() { Name = LongestName + "a" }, ErrorCode.InvalidTopicException,
            $"Topic name is invalid: the length of '{LongestName}a' is longer than the max allowed length 249"
        },
        { "metadata log", new() { Name = "__cluster_metadata" }, ErrorCode.TopicAuthorizationFailed, null },
        {
            "no partitions", new() { Name = "t", PartitionsCount = 0 }, ErrorCode.InvalidPartitions,
            "Number of partitions was set to an invalid non-positive value."
        },
        {
            "negative partitions", new() { Name = "t", PartitionsCount = -2 }, ErrorCode.InvalidPartitions,
            "Number of partitions was set to an invalid non-positive value."
        },
        {
            "too many partitions", new() { Name = "t", PartitionsCount = 10_001 }, ErrorCode.PolicyViolation,
            "Excessively large number of partitions per request."
        },
        {
            "most partitions there can be", new() { Name = "t", PartitionsCount = int.MaxValue },
            ErrorCode.PolicyViolation, "Excessively large number of partitions per request."
        },
        {
            "no replicas", new() { Name = "t", ReplicationFactor = 0 }, ErrorCode.InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value."
        },
        {
            "negative replicas", new() { Name = "t", ReplicationFactor = -2 }, ErrorCode.InvalidReplicationFactor,
            "Replication factor must be larger than 0, or -1 to use the default value."
        },
        {
            "more replicas than brokers", new() { Name = "t", ReplicationFactor = 3 },
            ErrorCode.InvalidReplicationFactor,
            "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because "
            + "only 1 broker(s) are registered."
        },
        {
            "config", new() { Name = "t", Configs = [new("nope", "1")] }, ErrorCode.InvalidConfig,
            "Unknown topic config name: nope"
        },
        {
            "null config", new() { Name = "t", Configs = [new("retention.ms", null)] }, ErrorCode.InvalidConfig,
            "Null value not supported for topic configs: retention.ms"
        },
        {
            "assignment and replication factor",
            new() { Name = "t", ReplicationFactor = 1, Assignments = [new(0, [1])] }, ErrorCode.InvalidRequest,
            "A manual partition assignment was specified, but replication factor was not set to -1."
        },
        {
            "assignment and partitions", new() { Name = "t", PartitionsCount = 1, Assignments = [new(0, [1])] },
            ErrorCode.InvalidRequest,
            "A manual partition assignment was specified, but numPartitions was not set to -1."
        },
        {
            "assignment with a gap", new() { Name = "t", Assignments = [new(0, [1]), new(2, [1])] },
            ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence"
        },
        {
            "assignment below 0", new() { Name = "t", Assignments = [new(-1, [1])] },
            ErrorCode.InvalidReplicaAssignment, "partitions should be a consecutive 0-based integer sequence"
        },
        {
            "partition assigned twice", new() { Name = "t", Assignments = [new(0, [1]), new(0, [1])] },
            ErrorCode.InvalidReplicaAssignment, "Found multiple manual partition assignments for partition 0"
        },
        {
            "assigned to nobody", new() { Name = "t", Assignments = [new(0, [])] },
            ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes an empty replica list."
        },
        {
            "assigned to a stranger", new() { Name = "t", Assignments = [new(0, [7])] },
            ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes broker 7, but no such broker is registered."
        },
        {
            "assigned to one twice", new() { Name = "t", Assignments = [new(0, [1, 1])] },
            ErrorCode.InvalidReplicaAssignment,
            "The manual partition assignment includes the broker 1 more than once."
        },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_made_is_refused_and_changes_nothing(
        string why, NewTopic topic, ErrorCode error, string? message)
    {
        var cluster = WithTopics("there", "a_b");
        var before = cluster.Image.LastOffset;

        var result = cluster.Create(topic);

        Assert.True((topic.Name, error, message) == (result.Name, result.Error, result.Message), $"{why}: {result}");
        Assert.Equal(Guid.Empty, result.TopicId);
        Assert.Equal(before, cluster.Image.LastOffset);
    }

    [Fact]
    public void A_topic_is_made_of_records_in_kafkas_order()
    {
        var cluster = new TestCluster();

        var decision = cluster.State.CreateTopics(
            cluster.Image,
            [new NewTopic { Name = "t", PartitionsCount = 2, ReplicationFactor = 1, Configs = [new("a", "1")] }],
            validateOnly: false);

        Assert.Collection(
            decision.Records,
            record => Assert.Equal("t", Assert.IsType<TopicRecord>(record.Record).Name),
            record => Assert.Equal("t", Assert.IsType<ConfigRecord>(record.Record).ResourceName),
            record => Assert.Equal(0, Assert.IsType<PartitionRecord>(record.Record).PartitionId),
            record => Assert.Equal(1, Assert.IsType<PartitionRecord>(record.Record).PartitionId));
        Assert.Equal([0, 0, 2, 2], decision.Records.Select(record => (int)record.Version));
    }

    [Fact]
    public void Counts_not_given_are_the_brokers_defaults()
    {
        var cluster = new TestCluster(new ControllerOptions { NumPartitions = 3, DefaultReplicationFactor = 2 }, brokers: 3);

        var result = cluster.Create(new NewTopic { Name = "t" });

        Assert.Equal((3, 2), (result.PartitionsCount, result.ReplicationFactor));
        Assert.Equal(3, cluster.Image.FindTopic("t")!.PartitionsCount);
    }

    [Fact]
    public void Leaders_are_spread_over_the_brokers()
    {
        var cluster = new TestCluster(brokers: 3);

        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 9, ReplicationFactor = 2 });

        var partitions = cluster.Image.FindTopic("t")!.Partitions.ToArray();
        Assert.Equal([3, 3, 3], partitions.GroupBy(partition => partition.Leader).Select(group => group.Count()));
        Assert.All(partitions, partition => Assert.Equal(2, partition.Replicas.Distinct().Count()));
    }

    [Fact]
    public void A_new_partition_is_led_in_epoch_0_from_the_brokers_directory()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "t" });

        var partition = cluster.Image.FindPartition("t", 0)!;

        Assert.Equal((1, 0, 0), (partition.Leader, partition.LeaderEpoch, partition.PartitionEpoch));
        Assert.Equal([1], partition.Replicas);
        Assert.Equal([1], partition.Isr);
        Assert.Equal(cluster.Image.FindBroker(1)!.LogDirectoryIds, partition.Directories);
    }

    [Fact]
    public void Assignments_are_taken_as_they_are_in_any_order()
    {
        var cluster = new TestCluster(brokers: 3);

        var result = cluster.Create(new NewTopic { Name = "t", Assignments = [new(1, [3, 1]), new(0, [2, 3])] });

        Assert.Equal((ErrorCode.None, 2, 2), (result.Error, result.PartitionsCount, result.ReplicationFactor));
        Assert.Equal([2, 3], cluster.Image.FindPartition("t", 0)!.Replicas);
        Assert.Equal([3, 1], cluster.Image.FindPartition("t", 1)!.Replicas);
    }

    [Fact]
    public void Assignments_of_different_length_are_refused()
    {
        var cluster = new TestCluster(brokers: 3);

        var result = cluster.Create(new NewTopic { Name = "t", Assignments = [new(0, [1, 2]), new(1, [3])] });

        Assert.Equal(ErrorCode.InvalidReplicaAssignment, result.Error);
        Assert.Equal(
            "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with "
            + "previous partitions, which have 2 replica(s).",
            result.Message);
    }

    [Fact]
    public void A_fenced_broker_leads_nothing_and_is_not_in_sync()
    {
        var cluster = new TestCluster(brokers: 2);
        cluster.RegisterFenced(3);

        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 4, ReplicationFactor = 3 });
        var manual = cluster.Create(new NewTopic { Name = "m", Assignments = [new(0, [3])] });

        foreach (var partition in cluster.Image.FindTopic("t")!.Partitions)
        {
            Assert.Equal(3, partition.Replicas[^1]);
            Assert.Equal(2, partition.Isr.Length);
            Assert.NotEqual(3, partition.Leader);
        }
        Assert.Equal(ErrorCode.InvalidReplicaAssignment, manual.Error);
    }

    [Fact]
    public void Without_a_live_broker_nothing_can_be_placed()
    {
        var cluster = new TestCluster(brokers: 0);
        cluster.RegisterFenced(1);

        var result = cluster.Create(new NewTopic { Name = "t" });

        Assert.Equal(ErrorCode.InvalidReplicationFactor, result.Error);
        Assert.Equal(
            "Unable to replicate the partition 1 time(s): All brokers are currently fenced.", result.Message);
    }

    [Fact]
    public void A_name_given_twice_is_refused_once_and_the_others_are_made()
    {
        var cluster = new TestCluster();

        var results = cluster.Create(
            false, new NewTopic { Name = "a" }, new NewTopic { Name = "twice" }, new NewTopic { Name = "twice" });

        Assert.Equal(
            [("a", ErrorCode.None), ("twice", ErrorCode.InvalidRequest)],
            results.Select(result => (result.Name, result.Error)));
        Assert.NotNull(cluster.Image.FindTopic("a"));
        Assert.Null(cluster.Image.FindTopic("twice"));
    }

    [Fact]
    public void Names_collide_within_one_request_too()
    {
        var cluster = new TestCluster();

        var results = cluster.Create(false, new NewTopic { Name = "a.b" }, new NewTopic { Name = "a_b" });

        Assert.Equal([ErrorCode.None, ErrorCode.InvalidTopicException], results.Select(result => result.Error));
    }

    [Fact]
    public void Validation_alone_answers_the_same_and_changes_nothing()
    {
        var cluster = new TestCluster();
        var before = cluster.Image.LastOffset;

        var result = cluster.Create(new NewTopic { Name = "t", PartitionsCount = 5 }, validateOnly: true);

        Assert.Equal((ErrorCode.None, 5), (result.Error, result.PartitionsCount));
        Assert.NotEqual(Guid.Empty, result.TopicId);
        Assert.Equal(before, cluster.Image.LastOffset);
        Assert.Null(cluster.Image.FindTopic("t"));
    }

    [Fact]
    public void The_bound_on_partitions_is_for_the_whole_request()
    {
        var cluster = new TestCluster();

        var results = cluster.Create(
            false,
            new NewTopic { Name = "a", PartitionsCount = 9_999 },
            new NewTopic { Name = "b", PartitionsCount = 2 },
            new NewTopic { Name = "c", PartitionsCount = 1 });

        Assert.Equal(
            [ErrorCode.None, ErrorCode.PolicyViolation, ErrorCode.None], results.Select(result => result.Error));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("A-z_0.9")]
    [InlineData("...")]
    [InlineData("__consumer_offsets")]
    public void Good_names_are_good(string name) => Assert.Null(TopicNames.Check(name));

    [Fact]
    public void The_longest_name_is_good() => Assert.Null(TopicNames.Check(LongestName));

    private static TestCluster WithTopics(params string[] names)
    {
        var cluster = new TestCluster(new ControllerOptions
        {
            CheckTopicConfigs = (_, configs) =>
                configs.ContainsKey("nope") ? "Unknown topic config name: nope" : null,
        });
        foreach (var name in names)
        {
            Assert.Equal(ErrorCode.None, cluster.Create(new NewTopic { Name = name }).Error);
        }
        return cluster;
    }
}
