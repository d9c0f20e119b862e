using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DescribeClusterHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Cluster_id_controller_and_brokers_are_told(short version)
    {
        var response = Client.Send(new DescribeClusterRequest { IncludeFencedBrokers = version >= 2 }, version);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(22, response.ClusterId.Length);
        Assert.Equal(1, response.ControllerId);
        var broker = Assert.Single(response.Brokers);
        Assert.Equal((1, "127.0.0.1", Broker.EndPoint.Port), (broker.BrokerId, broker.Host, broker.Port));
        Assert.False(broker.IsFenced);
        Assert.Equal(int.MinValue, response.ClusterAuthorizedOperations);
    }

    [Fact]
    public void Controllers_are_not_asked_on_a_broker_listener()
    {
        var response = Client.Send(new DescribeClusterRequest { EndpointType = 2 }, 1);

        Assert.Equal(ErrorCode.MismatchedEndpointType, response.ErrorCode);
        Assert.NotNull(response.ErrorMessage);
        Assert.Empty(response.Brokers);
        Assert.Equal(-1, response.ControllerId);
    }

    [Fact]
    public async Task The_cluster_id_survives_a_restart()
    {
        await using var broker = await TestBroker.StartAsync();
        string before;
        using (var client = broker.Connect())
        {
            before = client.Send(new DescribeClusterRequest(), 0).ClusterId;
        }

        await broker.RestartAsync();
        using var again = broker.Connect();

        Assert.Equal(before, again.Send(new DescribeClusterRequest(), 0).ClusterId);
    }
}
