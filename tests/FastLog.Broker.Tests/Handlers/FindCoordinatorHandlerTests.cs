using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class FindCoordinatorHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 0)]
    public void One_key_is_answered_with_this_broker(short version, sbyte keyType)
    {
        var response = Client.Send(new FindCoordinatorRequest { Key = "some-group", KeyType = keyType }, version);

        Assert.Equal(
            (ErrorCode.None, 1, "127.0.0.1", Broker.EndPoint.Port),
            (response.ErrorCode, response.NodeId, response.Host, response.Port));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Each_of_several_keys_is_answered(short version)
    {
        var request = new FindCoordinatorRequest();
        request.CoordinatorKeys.Add("a");
        request.CoordinatorKeys.Add("");
        request.CoordinatorKeys.Add("b");

        var coordinators = Client.Send(request, version).Coordinators;

        Assert.Equal(["a", "", "b"], coordinators.Select(found => found.Key));
        Assert.All(coordinators, found => Assert.Equal(
            (ErrorCode.None, 1, Broker.EndPoint.Port), (found.ErrorCode, found.NodeId, found.Port)));
    }

    [Theory]
    [InlineData(1, 9)]
    [InlineData(4, 2)]
    [InlineData(6, -1)]
    public void Unknown_key_types_are_invalid_requests(short version, sbyte keyType)
    {
        var request = new FindCoordinatorRequest { KeyType = keyType };
        if (version >= 4)
        {
            request.CoordinatorKeys.Add("x");
        }
        else
        {
            request.Key = "x";
        }

        var response = Client.Send(request, version);

        Assert.Equal(ErrorCode.InvalidRequest, version >= 4 ? response.Coordinators[0].ErrorCode : response.ErrorCode);
        Assert.Equal(-1, version >= 4 ? response.Coordinators[0].NodeId : response.NodeId);
    }

    [Fact]
    public async Task The_coordinators_topics_are_made_when_first_needed()
    {
        await using var broker = await TestBroker.StartAsync("offsets.topic.num.partitions=7");
        using var client = broker.Connect();
        Assert.Empty(client.Send(new MetadataRequest { Topics = null }, 9).Topics);

        client.Send(new FindCoordinatorRequest { Key = "g" }, 0);

        var topic = Assert.Single(client.Send(new MetadataRequest { Topics = null }, 9).Topics);
        Assert.Equal(("__consumer_offsets", true, 7), (topic.Name, topic.IsInternal, topic.Partitions.Count));
        var configs = new DescribeConfigsRequest();
        var resource = configs.Resources.Add();
        (resource.ResourceType, resource.ResourceName, resource.ConfigurationKeys) = (2, "__consumer_offsets", null);
        var told = client.Send(configs, 4).Results[0].Configs.ToDictionary(config => config.Name, config => config.Value);
        Assert.Equal(
            ("compact", "producer", "104857600"), (told["cleanup.policy"], told["compression.type"], told["segment.bytes"]));
    }

    [Fact]
    public async Task Several_clients_may_need_them_first_at_once()
    {
        await using var broker = await TestBroker.StartAsync("offsets.topic.num.partitions=3");

        var errors = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() =>
        {
            using var client = broker.Connect();
            return client.Send(new FindCoordinatorRequest { Key = "g" }, 0).ErrorCode;
        })));

        Assert.All(errors, error => Assert.Equal(ErrorCode.None, error));
    }
}
