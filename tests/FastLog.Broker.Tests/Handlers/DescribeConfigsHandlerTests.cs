using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DescribeConfigsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const sbyte Topic = 2;
    private const sbyte BrokerType = 4;
    private const sbyte FromTopic = 1;
    private const sbyte FromFile = 4;
    private const sbyte FromDefault = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_topics_configuration_is_told_with_its_sources(short version)
    {
        var name = NewTopic(1, ("retention.ms", "123456"));

        var result = Send(Asking(Topic, name), version);

        Assert.Equal((ErrorCode.None, Topic, name), (result.ErrorCode, result.ResourceType, result.ResourceName));
        var told = result.Configs.ToDictionary(config => config.Name);
        Assert.Equal(("123456", FromTopic), (told["retention.ms"].Value, told["retention.ms"].ConfigSource));
        Assert.Equal(("delete", FromDefault), (told["cleanup.policy"].Value, told["cleanup.policy"].ConfigSource));
        Assert.Equal(version >= 3 ? 5 : 0, told["retention.ms"].ConfigType);
        Assert.All(result.Configs, config => Assert.Empty(config.Synonyms));
        Assert.All(result.Configs, config => Assert.True(string.IsNullOrEmpty(config.Documentation)));
    }

    [Fact]
    public void The_brokers_configuration_is_told()
    {
        var result = Send(Asking(BrokerType, "1"), 4);

        var told = result.Configs.ToDictionary(config => config.Name);
        Assert.Equal(("2", FromFile), (told["num.partitions"].Value, told["num.partitions"].ConfigSource));
        Assert.Equal(("1", true), (told["node.id"].Value, told["node.id"].ReadOnly));
        Assert.Equal(FromDefault, told["log.retention.hours"].ConfigSource);
    }

    [Fact]
    public void The_empty_broker_name_is_what_is_set_for_all_brokers()
    {
        var result = Send(Asking(BrokerType, ""), 4);

        Assert.Equal(ErrorCode.None, result.ErrorCode);
        Assert.Empty(result.Configs);
    }

    [Fact]
    public void Only_the_keys_asked_for_are_told_and_unknown_ones_passed_over()
    {
        var request = Asking(Topic, NewTopic());
        request.Resources[0].ConfigurationKeys = [];
        request.Resources[0].ConfigurationKeys!.Add("cleanup.policy");
        request.Resources[0].ConfigurationKeys!.Add("nope");

        Assert.Equal("cleanup.policy", Assert.Single(Send(request, 4).Configs).Name);
    }

    [Fact]
    public void Synonyms_go_from_the_strongest_place_to_the_weakest()
    {
        var request = Asking(Topic, NewTopic(1, ("cleanup.policy", "compact")));
        request.Resources[0].ConfigurationKeys = [];
        request.Resources[0].ConfigurationKeys!.Add("cleanup.policy");
        request.IncludeSynonyms = true;

        var config = Assert.Single(Send(request, 1).Configs);

        Assert.Equal(
            [("cleanup.policy", "compact", FromTopic), ("log.cleanup.policy", "delete", FromDefault)],
            config.Synonyms.Select(synonym => (synonym.Name, synonym.Value, synonym.Source)));
    }

    [Fact]
    public void Documentation_is_told_when_asked_for()
    {
        var request = Asking(Topic, NewTopic());
        request.IncludeDocumentation = true;

        Assert.All(Send(request, 3).Configs, config => Assert.False(string.IsNullOrEmpty(config.Documentation)));
    }

    [Fact]
    public async Task Secrets_are_named_and_not_told()
    {
        await using var broker = await TestBroker.StartAsync("ssl.keystore.password=hunter2");
        using var client = broker.Connect();
        var request = Asking(BrokerType, "1");
        request.IncludeSynonyms = true;

        var secret = client.Send(request, 4).Results[0].Configs.Single(config => config.Name == "ssl.keystore.password");

        Assert.True(secret.IsSensitive);
        Assert.Null(secret.Value);
        Assert.All(secret.Synonyms, synonym => Assert.Null(synonym.Value));
    }

    [Theory]
    [InlineData(Topic, "missing", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(Topic, "bad/name", ErrorCode.InvalidTopicException)]
    [InlineData(BrokerType, "77", ErrorCode.InvalidRequest)]
    [InlineData(BrokerType, "one", ErrorCode.InvalidRequest)]
    [InlineData((sbyte)99, "x", ErrorCode.InvalidRequest)]
    public void Unknown_resources_have_their_errors(sbyte type, string name, ErrorCode error)
    {
        var result = Send(Asking(type, name), 4);

        Assert.Equal((error, type, name), (result.ErrorCode, result.ResourceType, result.ResourceName));
        Assert.Empty(result.Configs);
    }

    private DescribeConfigsResponse.DescribeConfigsResult Send(DescribeConfigsRequest request, short version) =>
        Assert.Single(Client.Send(request, version).Results);

    private static DescribeConfigsRequest Asking(sbyte type, string name)
    {
        var request = new DescribeConfigsRequest();
        var resource = request.Resources.Add();
        resource.ResourceType = type;
        resource.ResourceName = name;
        resource.ConfigurationKeys = null;
        return request;
    }
}
