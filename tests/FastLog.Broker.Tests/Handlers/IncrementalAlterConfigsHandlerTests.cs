using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class IncrementalAlterConfigsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const sbyte Topic = 2;
    private const sbyte BrokerType = 4;
    private const sbyte LoggerType = 8;
    private const sbyte MetricsType = 16;
    private const sbyte GroupType = 32;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_change_is_in_force_when_it_is_answered(short version)
    {
        var name = NewTopic();
        Assert.Equal(("604800000", 5), Client.Value(Topic, name, "retention.ms"));

        var answer = Assert.Single(Client.Send(ConfigRequests.Changing(Topic, name, ("retention.ms", "5")), version).Responses);

        Assert.Equal((ErrorCode.None, null, Topic, name), (answer.ErrorCode, answer.ErrorMessage, answer.ResourceType, answer.ResourceName));
        Assert.Equal(("5", 1), Client.Value(Topic, name, "retention.ms"));
        Assert.Equal(5, Broker.Server.Replicas.Find(name, 0)!.Log.Config.RetentionMs);
        Client.Configure(Topic, name, ("retention.ms", null));
        Assert.Equal(("604800000", 5), Client.Value(Topic, name, "retention.ms"));
    }

    [Fact]
    public void Too_large_batches_are_refused_from_the_change_on()
    {
        var name = NewTopic();
        Client.Produce(name, TestBatch.Of(new string('x', 500)));
        Client.Configure(Topic, name, ("max.message.bytes", "200"));

        Assert.Equal(ErrorCode.MessageTooLarge, Client.TryProduce(name, TestBatch.Of(new string('x', 500))).ErrorCode);
    }

    [Fact]
    public async Task A_brokers_values_go_over_its_file_and_outlive_it()
    {
        await using var broker = await TestBroker.StartAsync("message.max.bytes=1000");
        using (var client = broker.Connect())
        {
            client.CreateTopic("t", 1);
            Assert.Equal(("1000", 4), client.Value(BrokerType, "1", "message.max.bytes"));
            Assert.Equal(ErrorCode.None, client.Configure(BrokerType, "", ("message.max.bytes", "2000")).ErrorCode);
            Assert.Equal(("2000", 3), client.Value(BrokerType, "1", "message.max.bytes"));
            Assert.Equal(ErrorCode.None, client.Configure(BrokerType, "1", ("message.max.bytes", "3000")).ErrorCode);
        }

        await broker.RestartAsync("message.max.bytes=1000");
        using var later = broker.Connect();
        var told = later.Describe(BrokerType, "1").Configs.Single(config => config.Name == "message.max.bytes");
        Assert.Equal(("3000", (sbyte)2, false), (told.Value, told.ConfigSource, told.ReadOnly));
        Assert.Equal(
            [("3000", 2), ("2000", 3), ("1000", 4), ("1048588", 5)],
            told.Synonyms.Select(synonym => (synonym.Value, (int)synonym.Source)));
        Assert.Equal(("3000", 2), later.Value(Topic, "t", "max.message.bytes"));
        Assert.Equal(("2000", 3), later.Value(BrokerType, "", "message.max.bytes"));
        later.Configure(BrokerType, "1", ("message.max.bytes", null));
        later.Configure(BrokerType, "", ("message.max.bytes", null));
        Assert.Equal(("1000", 4), later.Value(Topic, "t", "max.message.bytes"));
    }

    [Fact]
    public async Task Connections_are_bounded_by_what_is_set_at_run_time()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        Assert.Equal(ErrorCode.None, client.Configure(BrokerType, "", ("max.connections", "1")).ErrorCode);

        using (var refused = broker.Connect())
        {
            Assert.True(refused.IsClosedByBroker());
        }

        client.Configure(BrokerType, "", ("max.connections", null));
        using var welcome = broker.Connect();
        Assert.Equal(ErrorCode.None, welcome.Send(new ApiVersionsRequest(), 0).ErrorCode);
    }

    [Fact]
    public async Task A_secret_set_at_run_time_is_not_told()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        Assert.Equal(ErrorCode.None, client.Configure(BrokerType, "1", ("ssl.keystore.password", "hunter2")).ErrorCode);

        var told = client.Describe(BrokerType, "1").Configs.Single(config => config.Name == "ssl.keystore.password");
        Assert.Equal((null, true, (sbyte)2), (told.Value, told.IsSensitive, told.ConfigSource));
        Assert.Null(Assert.Single(told.Synonyms).Value);
    }

    [Fact]
    public void Groups_and_client_metrics_are_configured_described_and_listed()
    {
        Assert.Equal(("45000", 5), Client.Value(GroupType, "g", "consumer.session.timeout.ms"));
        Client.Configure(GroupType, "g", ("consumer.session.timeout.ms", "50000"));
        Assert.Equal(("50000", 8), Client.Value(GroupType, "g", "consumer.session.timeout.ms"));

        Client.Configure(MetricsType, "m2", ("interval.ms", "1000"), ("match", "client_id=a.*"));
        Client.Configure(MetricsType, "m1", ("metrics", "*"));
        Assert.Equal(("1000", 7), Client.Value(MetricsType, "m2", "interval.ms"));
        Assert.Equal(("300000", 5), Client.Value(MetricsType, "m1", "interval.ms"));
        Assert.Equal(["m1", "m2"], Listed());
        Client.Configure(MetricsType, "m1", ("metrics", null));
        Assert.Equal(["m2"], Listed());

        IEnumerable<string> Listed() =>
            Client.Send(new ListClientMetricsResourcesRequest(), 0).ClientMetricsResources.Select(resource => resource.Name);
    }

    [Theory]
    [InlineData(GroupType, ErrorCode.InvalidRequest)]
    [InlineData(MetricsType, ErrorCode.InvalidRequest)]
    [InlineData(LoggerType, ErrorCode.InvalidRequest)]
    [InlineData((sbyte)1, ErrorCode.InvalidRequest)]
    public void Nameless_and_unknown_resources_have_their_errors(sbyte type, ErrorCode error)
    {
        Assert.Equal(error, Client.Configure(type, "", ("x", "1")).ErrorCode);
        Assert.Equal(error, Client.Describe(type, "").ErrorCode);
    }

    [Fact]
    public void Only_checking_changes_nothing()
    {
        var name = NewTopic();
        var request = ConfigRequests.Changing(Topic, name, ("retention.ms", "5"));
        request.ValidateOnly = true;

        Assert.Equal(ErrorCode.None, Client.Send(request, 1).Responses[0].ErrorCode);
        Assert.Equal(("604800000", 5), Client.Value(Topic, name, "retention.ms"));
    }

    [Fact]
    public void The_older_request_replaces_all_there_is()
    {
        var name = NewTopic(1, ("retention.ms", "5"), ("flush.ms", "6"));
        var request = new AlterConfigsRequest();
        var resource = request.Resources.Add();
        (resource.ResourceType, resource.ResourceName) = (Topic, name);
        var config = resource.Configs.Add();
        (config.Name, config.Value) = ("flush.ms", "7");

        var answer = Assert.Single(Client.Send(request, 2).Responses);

        Assert.Equal((ErrorCode.None, Topic, name), (answer.ErrorCode, answer.ResourceType, answer.ResourceName));
        Assert.Equal((("604800000", 5), ("7", 1)), (Client.Value(Topic, name, "retention.ms"), Client.Value(Topic, name, "flush.ms")));
        resource.ResourceType = LoggerType;
        Assert.Equal(ErrorCode.InvalidRequest, Assert.Single(Client.Send(request, 0).Responses).ErrorCode);
    }
}
