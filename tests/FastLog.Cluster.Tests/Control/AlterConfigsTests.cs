using FastLog.Cluster.Configs;
using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Control;

public sealed class AlterConfigsTests
{
    private static readonly ConfigResource Topic = new(ConfigResourceType.Topic, "t");
    private static readonly ConfigResource Broker = new(ConfigResourceType.Broker, "1");
    private static readonly ConfigResource Group = new(ConfigResourceType.Group, "g");
    private static readonly ConfigResource Metrics = new(ConfigResourceType.ClientMetrics, "m");

    private readonly TestCluster _cluster = new();

    public AlterConfigsTests() => _cluster.Create(new NewTopic { Name = "t" });

    [Fact]
    public void Keys_are_set_and_deleted_and_others_stay()
    {
        AssertDone(Alter(Topic, Set("retention.ms", "1000"), Set("cleanup.policy", "compact")));
        AssertDone(Alter(Topic, Set("retention.ms", "2000"), Delete("cleanup.policy"), Delete("never.set")));

        Assert.Equal("retention.ms=2000", Own(Topic));
    }

    [Fact]
    public void A_replacement_deletes_what_it_does_not_name()
    {
        AssertDone(Alter(Topic, Set("retention.ms", "1000"), Set("flush.ms", "5")));

        AssertDone(Alter(new ConfigAlteration(Topic, [Set("flush.ms", "6")], ReplacesAll: true)));
        Assert.Equal("flush.ms=6", Own(Topic));
        AssertDone(Alter(new ConfigAlteration(Topic, [], ReplacesAll: true)));
        Assert.Equal("", Own(Topic));
    }

    [Fact]
    public void What_is_so_already_makes_no_record()
    {
        Alter(Topic, Set("retention.ms", "1000"));
        var before = _cluster.Image.LastOffset;

        AssertDone(Alter(Topic, Set("retention.ms", "1000"), Delete("flush.ms")));

        Assert.Equal(before, _cluster.Image.LastOffset);
    }

    [Theory]
    [InlineData(ConfigOperationKind.Append, "compact", "delete,compact")]
    [InlineData(ConfigOperationKind.Append, "delete", "delete")]
    [InlineData(ConfigOperationKind.Append, "compact,delete,compact", "delete,compact")]
    [InlineData(ConfigOperationKind.Subtract, "delete", "")]
    [InlineData(ConfigOperationKind.Subtract, "compact", "delete")]
    public void Words_are_added_to_a_list_and_taken_out_starting_from_the_default(
        ConfigOperationKind kind, string words, string expected)
    {
        AssertDone(Alter(Topic, new ConfigOperation("cleanup.policy", kind, words)));

        Assert.Equal($"cleanup.policy={expected}", Own(Topic));
    }

    [Fact]
    public void Words_are_added_to_what_is_set()
    {
        Alter(Topic, Set("cleanup.policy", "compact"));
        AssertDone(Alter(Topic, new ConfigOperation("cleanup.policy", ConfigOperationKind.Append, "delete")));
        AssertDone(Alter(Topic, new ConfigOperation("cleanup.policy", ConfigOperationKind.Subtract, "compact")));

        Assert.Equal("cleanup.policy=delete", Own(Topic));
    }

    [Fact]
    public void Only_lists_have_words()
    {
        var result = Alter(Topic, new ConfigOperation("retention.ms", ConfigOperationKind.Append, "1"));

        Assert.Equal(
            (ErrorCode.InvalidConfig, "Can't APPEND to key retention.ms because its type is not LIST."),
            (result.Error, result.Message));
    }

    [Theory]
    [InlineData(ConfigResourceType.Topic, "t", "nope", "1", ErrorCode.InvalidConfig, "Unknown topic config name: nope")]
    [InlineData(ConfigResourceType.Topic, "t", "retention.ms", "bad", ErrorCode.InvalidConfig,
        "Invalid value bad for configuration retention.ms: Not a number of type LONG")]
    [InlineData(ConfigResourceType.Topic, "t", "min.insync.replicas", "0", ErrorCode.InvalidConfig,
        "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1")]
    [InlineData(ConfigResourceType.Topic, "none", "flush.ms", "1", ErrorCode.UnknownTopicOrPartition, "The topic 'none' does not exist.")]
    [InlineData(ConfigResourceType.Topic, "a/b", "flush.ms", "1", ErrorCode.InvalidTopicException, null)]
    [InlineData(ConfigResourceType.Topic, "", "flush.ms", "1", ErrorCode.InvalidRequest, "Default topic resources are not allowed.")]
    [InlineData(ConfigResourceType.Broker, "7", "message.max.bytes", "1", ErrorCode.InvalidRequest,
        "Unexpected broker id, expected 1, but received 7")]
    [InlineData(ConfigResourceType.Broker, "one", "message.max.bytes", "1", ErrorCode.InvalidRequest,
        "Node id must be an integer, but it is: one")]
    [InlineData(ConfigResourceType.Broker, "1", "nope", "1", ErrorCode.InvalidConfig, "Unknown broker config name: nope")]
    [InlineData(ConfigResourceType.Broker, "1", "log.dirs", "/x", ErrorCode.InvalidRequest,
        "Cannot update these configs dynamically: Set(log.dirs)")]
    [InlineData(ConfigResourceType.Broker, "", "ssl.key.password", "secret", ErrorCode.InvalidRequest,
        "Cannot update these configs at default cluster level, broker id must be specified: Set(ssl.key.password)")]
    [InlineData(ConfigResourceType.Broker, "1", "message.max.bytes", "-1", ErrorCode.InvalidConfig,
        "Invalid value -1 for configuration message.max.bytes: Value must be at least 0")]
    [InlineData(ConfigResourceType.Broker, "", "log.retention.ms", "0", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.Broker, "1", "log.cleaner.threads", "3", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.Broker, "1", "num.io.threads", "3", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.Group, "", "consumer.session.timeout.ms", "45000", ErrorCode.InvalidRequest,
        "Default group resources are not allowed.")]
    [InlineData(ConfigResourceType.Group, "g", "nope", "1", ErrorCode.InvalidConfig, "Unknown group config name: nope")]
    [InlineData(ConfigResourceType.Group, "g", "consumer.session.timeout.ms", "44999", ErrorCode.InvalidConfig,
        "consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms")]
    [InlineData(ConfigResourceType.Group, "g", "consumer.heartbeat.interval.ms", "15001", ErrorCode.InvalidConfig,
        "consumer.heartbeat.interval.ms must be less than or equal to group.consumer.max.heartbeat.interval.ms")]
    [InlineData(ConfigResourceType.Group, "g", "share.auto.offset.reset", "never", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.Group, "g", "share.auto.offset.reset", "by_duration:nope", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.ClientMetrics, "", "interval.ms", "100", ErrorCode.InvalidRequest, "Subscription name can't be empty")]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "interval.ms", "99", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "interval.ms", "3600001", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "nope", "1", ErrorCode.InvalidConfig, "Unknown client metrics configuration: nope")]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "match", "client_id", ErrorCode.InvalidConfig, "Illegal client matching pattern: client_id")]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "match", "shoe_size=4", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "match", "client_id=(", ErrorCode.InvalidConfig, null)]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "match", @"client_id=(a)\1", ErrorCode.InvalidConfig, null)]
    [InlineData((ConfigResourceType)99, "x", "a", "1", ErrorCode.InvalidRequest, "Unknown resource type 99")]
    public void What_cannot_be_is_refused_and_changes_nothing(
        ConfigResourceType type, string name, string key, string value, ErrorCode error, string? message)
    {
        var before = _cluster.Image.LastOffset;

        var result = Alter(new ConfigResource(type, name), Set(key, value));

        Assert.Equal(error, result.Error);
        Assert.Equal(message ?? result.Message, result.Message);
        Assert.False(string.IsNullOrEmpty(result.Message));
        Assert.Equal(before, _cluster.Image.LastOffset);
    }

    [Theory]
    [InlineData(ConfigResourceType.Group, "g", "share.auto.offset.reset", "by_duration:PT1H30M")]
    [InlineData(ConfigResourceType.Group, "g", "consumer.session.timeout.ms", "60000")]
    [InlineData(ConfigResourceType.ClientMetrics, "m", "match", "client_id=a.*,client_source_port=[0-9]+")]
    [InlineData(ConfigResourceType.Broker, "1", "ssl.key.password", "secret")]
    [InlineData(ConfigResourceType.Broker, "", "log.cleaner.threads", "2")]
    public void What_can_be_is_done(ConfigResourceType type, string name, string key, string value)
    {
        AssertDone(Alter(new ConfigResource(type, name), Set(key, value)));

        Assert.Equal($"{key}={value}", Own(new ConfigResource(type, name)));
    }

    [Fact]
    public void A_secret_is_in_no_message()
    {
        var result = Alter(Topic, Set("segment.bytes", "x"));
        Assert.Contains("Invalid value x", result.Message, StringComparison.Ordinal);

        var password = BrokerConfigDefinitions.Catalog["ssl.key.password"] with { Validator = ConfigValidator.OneOf("good") };
        Assert.DoesNotContain("hunter2", password.WhyRefused("hunter2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_are_checked_together()
    {
        AssertDone(Alter(Topic, Set("max.compaction.lag.ms", "100")));

        Assert.Equal(ErrorCode.InvalidConfig, Alter(Topic, Set("min.compaction.lag.ms", "101")).Error);
        AssertDone(Alter(Topic, Set("min.compaction.lag.ms", "101"), Delete("max.compaction.lag.ms")));
    }

    [Fact]
    public void Threads_grow_in_steps()
    {
        AssertDone(Alter(Broker, Set("num.io.threads", "16")));
        AssertDone(Alter(Broker, Set("num.io.threads", "32")));
        Assert.Equal(ErrorCode.InvalidConfig, Alter(Broker, Set("num.io.threads", "15")).Error);
        AssertDone(Alter(Broker, Set("num.io.threads", "16")));
    }

    [Fact]
    public void Malformed_changes_are_refused()
    {
        Assert.Equal(
            (ErrorCode.InvalidRequest, "Null value not supported for : retention.ms"),
            Told(Alter(Topic, new ConfigOperation("retention.ms", ConfigOperationKind.Set, null))));
        Assert.Equal(
            ErrorCode.InvalidRequest, Alter(Topic, new ConfigOperation("cleanup.policy", ConfigOperationKind.Append, null)).Error);
        Assert.Equal(
            (ErrorCode.InvalidRequest, "Error due to duplicate config keys"),
            Told(Alter(Topic, Set("flush.ms", "1"), Delete("flush.ms"))));
        Assert.Equal(ErrorCode.InvalidRequest, Alter(Topic, new ConfigOperation("flush.ms", (ConfigOperationKind)9, "1")).Error);
    }

    [Fact]
    public void A_resource_named_twice_is_refused_once_and_others_are_changed()
    {
        var results = Alter(
            false, new(Topic, [Set("flush.ms", "1")]), new(Group, [Set("consumer.session.timeout.ms", "50000")]), new(Topic, []));

        Assert.Equal([Topic, Group], results.Select(result => result.Resource));
        Assert.Equal((ErrorCode.InvalidRequest, "Each resource must appear at most once."), Told(results[0]));
        AssertDone(results[1]);
        Assert.Equal(("", "consumer.session.timeout.ms=50000"), (Own(Topic), Own(Group)));
    }

    [Fact]
    public void Only_checking_changes_nothing()
    {
        AssertDone(Alter(true, new ConfigAlteration(Metrics, [Set("interval.ms", "100")]))[0]);
        Assert.Equal(ErrorCode.InvalidConfig, Alter(true, new ConfigAlteration(Metrics, [Set("interval.ms", "1")]))[0].Error);

        Assert.Empty(_cluster.Image.Configs);
    }

    [Fact]
    public void A_request_is_bounded()
    {
        var result = Alter(Metrics, Set("metrics", new string('a', ControllerState.ConfigTextCharsPerRequestMax + 1)));

        Assert.Equal(ErrorCode.PolicyViolation, result.Error);
    }

    [Fact]
    public void New_topics_are_checked_against_what_brokers_have_now()
    {
        var options = ClusterNodeOptions.From(LiveBrokerConfig.Defaults.AtStart, []).Controller;
        var cluster = new TestCluster(options);
        var topic = new NewTopic { Name = "late", Configs = [new("min.compaction.lag.ms", "101")] };
        AssertDone(cluster.Alter(new ConfigAlteration(Broker, [Set("log.cleaner.max.compaction.lag.ms", "100")])));

        Assert.Equal(ErrorCode.InvalidConfig, cluster.Create(topic).Error);
        AssertDone(cluster.Alter(new ConfigAlteration(Broker, [Delete("log.cleaner.max.compaction.lag.ms")])));
        Assert.Equal(ErrorCode.None, cluster.Create(topic).Error);
    }

    private static ConfigOperation Set(string name, string value) => new(name, ConfigOperationKind.Set, value);

    private static ConfigOperation Delete(string name) => new(name, ConfigOperationKind.Delete, null);

    private static void AssertDone(ConfigAlterationResult result) =>
        Assert.Equal((ErrorCode.None, null), (result.Error, result.Message));

    private static (ErrorCode Error, string? Message) Told(ConfigAlterationResult result) => (result.Error, result.Message);

    private string Own(ConfigResource resource) => string.Join(
        ' ',
        (resource.Type == ConfigResourceType.Topic ? _cluster.Image.FindTopic(resource.Name)!.Overrides : _cluster.Image.FindConfigs(resource))
            .Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));

    private ConfigAlterationResult Alter(ConfigResource resource, params ConfigOperation[] operations) =>
        Alter(new ConfigAlteration(resource, operations));

    private ConfigAlterationResult Alter(ConfigAlteration alteration) => _cluster.Alter(alteration);

    private IReadOnlyList<ConfigAlterationResult> Alter(bool validateOnly, params ConfigAlteration[] alterations) =>
        _cluster.Alter(validateOnly, alterations);
}
