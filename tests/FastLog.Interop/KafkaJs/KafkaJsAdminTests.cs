using System.Text.Json;

namespace FastLog.Interop.KafkaJs;

/// <summary>What kafkajs's admin client asks of a broker.</summary>
public sealed class KafkaJsAdminTests(KafkaJsBroker fixture) : IClassFixture<KafkaJsBroker>
{
    [Fact]
    public async Task Topics_are_created_grown_and_deleted()
    {
        JsonElement seen = await RunAsync("topics");

        Assert.True(seen.GetProperty("validated").GetBoolean());
        Assert.DoesNotContain("life", Names(seen, "listedAfterValidation"));
        Assert.True(seen.GetProperty("created").GetBoolean());
        Assert.False(seen.GetProperty("createdAgain").GetBoolean());
        Assert.Contains("life", Names(seen, "listed"));
        AssertPartitions(seen.GetProperty("partitions"), count: 3);
        Assert.Equal(5, seen.GetProperty("partitionsAfterGrowth").GetInt32());
        Assert.DoesNotContain("life", Names(seen, "listedAfterDeletion"));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_kafkas_error()
    {
        JsonElement seen = await RunAsync("refusals");

        Assert.Equal("INVALID_PARTITIONS", ErrorType(seen, "shrinking"));
        Assert.Equal("INVALID_TOPIC_EXCEPTION", ErrorType(seen, "badName"));
        Assert.Equal("INVALID_REPLICATION_FACTOR", ErrorType(seen, "badReplication"));
        Assert.Equal("INVALID_CONFIG", ErrorType(seen, "badConfig"));
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", ErrorType(seen, "deletedNothing"));
        Assert.Equal(["refused"], Names(seen, "topics").Where(name => name is "refused" or "a/b" or "wide" or "odd"));
    }

    [Fact]
    public async Task A_topic_nobody_made_is_unknown()
    {
        JsonElement seen = await RunAsync("unknown");

        foreach (string asked in new[] { "metadata", "send", "produce", "fetch" })
        {
            Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", ErrorType(seen, asked));
        }

        Assert.DoesNotContain("nobody-made-this", Names(seen, "topics"));
    }

    [Fact]
    public async Task Configuration_is_described_with_its_source()
    {
        JsonElement seen = await RunAsync("configs");

        JsonElement own = Entry(seen, "all", "retention.ms");
        Assert.Equal("12345000", own.GetProperty("configValue").GetString());
        Assert.False(own.GetProperty("isDefault").GetBoolean());
        JsonElement inherited = Entry(seen, "all", "cleanup.policy");
        Assert.Equal("delete", inherited.GetProperty("configValue").GetString());
        Assert.True(inherited.GetProperty("isDefault").GetBoolean());
        Assert.Equal(
            ["cleanup.policy", "retention.ms"],
            seen.GetProperty("some").EnumerateArray().Select(entry => entry.GetProperty("configName").GetString()).Order());
        Assert.Equal("1", Entry(seen, "broker", "node.id").GetProperty("configValue").GetString());
    }

    [Fact]
    public async Task Configuration_is_altered_and_altered_back()
    {
        JsonElement seen = await RunAsync("alterations");

        Assert.Equal("compact", Entry(seen, "altered", "cleanup.policy").GetProperty("configValue").GetString());
        Assert.Equal("604800000", Entry(seen, "altered", "retention.ms").GetProperty("configValue").GetString());
        JsonElement inherited = Entry(seen, "inherited", "max.message.bytes");
        Assert.Equal("2000000", inherited.GetProperty("configValue").GetString());
        Assert.Equal(2, inherited.GetProperty("configSource").GetInt32());
        Assert.Equal("1048588", Entry(seen, "restored", "max.message.bytes").GetProperty("configValue").GetString());
        Assert.Equal("INVALID_CONFIG", ErrorType(seen, "unknownKey"));
        Assert.Equal("INVALID_CONFIG", ErrorType(seen, "badValue"));
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", ErrorType(seen, "unknownTopic"));
    }

    [Fact]
    public async Task The_cluster_is_one_broker_that_is_its_own_controller()
    {
        JsonElement seen = await RunAsync("cluster");

        JsonElement broker = Assert.Single(seen.GetProperty("brokers").EnumerateArray());
        Assert.Equal(1, broker.GetProperty("nodeId").GetInt32());
        Assert.Equal("127.0.0.1", broker.GetProperty("host").GetString());
        Assert.Equal(fixture.Broker.Port, broker.GetProperty("port").GetInt32());
        Assert.Equal(1, seen.GetProperty("controller").GetInt32());
        Assert.Equal(22, seen.GetProperty("clusterId").GetString()!.Length);
    }

    [Fact]
    public async Task Partitions_stay_on_the_only_broker()
    {
        JsonElement seen = await RunAsync("reassignments");

        Assert.True(seen.GetProperty("toWhereItIs").GetBoolean());
        Assert.Equal("INVALID_REPLICA_ASSIGNMENT", ErrorType(seen, "elsewhere"));
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", ErrorType(seen, "nowhere"));
        Assert.Equal(0, seen.GetProperty("underWay").GetArrayLength());
    }

    private static void AssertPartitions(JsonElement partitions, int count)
    {
        JsonElement[] found = [.. partitions.EnumerateArray()];
        Assert.Equal(Enumerable.Range(0, count), found.Select(partition => partition.GetProperty("partitionId").GetInt32()).Order());
        Assert.All(found, partition =>
        {
            Assert.Equal(0, partition.GetProperty("partitionErrorCode").GetInt32());
            Assert.Equal(1, partition.GetProperty("leader").GetInt32());
            Assert.Equal("[1]", partition.GetProperty("replicas").GetRawText());
            Assert.Equal("[1]", partition.GetProperty("isr").GetRawText());
        });
    }

    private Task<JsonElement> RunAsync(string scenario) => KafkaJsProgram.RunAsync(scenario, fixture.Broker);

    private static string[] Names(JsonElement seen, string property) =>
        [.. seen.GetProperty(property).EnumerateArray().Select(name => name.GetString()!)];

    private static string? ErrorType(JsonElement seen, string property)
    {
        JsonElement error = seen.GetProperty(property);
        Assert.True(error.ValueKind == JsonValueKind.Object, $"{property} was no error.");
        return error.GetProperty("type").GetString() ?? error.GetProperty("message").GetString();
    }

    private static JsonElement Entry(JsonElement seen, string list, string name) =>
        seen.GetProperty(list).EnumerateArray().Single(entry => entry.GetProperty("configName").GetString() == name);
}
