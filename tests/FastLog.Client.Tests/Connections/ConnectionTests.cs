using FastLog.Client.Tests.Fakes;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client.Tests.Connections;

public class ConnectionTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(3)]
    [InlineData(2)]
    [InlineData(0)]
    public async Task Versions_are_agreed_on_with_older_brokers(short versionMax)
    {
        await using FakeCluster cluster = new();
        cluster.VersionMax[ApiKey.ApiVersions] = versionMax;
        cluster.VersionMax[ApiKey.Fetch] = 11;
        using PinnedBlockPool pool = new();
        await using BrokerConnection connection = await OpenAsync(cluster, pool);
        Assert.Equal(11, connection.VersionOf(ApiKey.Fetch));
        Assert.Equal(5, connection.VersionOf(ApiKey.Fetch, versionMax: 5));
        Assert.False(connection.Supports(ApiKey.Fetch, 12));
        MetadataResponse metadata = await connection.RequestAsync(new MetadataRequest(), Wait.Timeout());
        Assert.Single(metadata.Brokers);
    }

    [Fact]
    public async Task A_version_that_is_not_there_is_said_by_name()
    {
        await using FakeCluster cluster = new();
        cluster.VersionMax[ApiKey.Fetch] = 3;
        using PinnedBlockPool pool = new();
        await using BrokerConnection connection = await OpenAsync(cluster, pool);
        KafkaException e = Assert.Throws<KafkaException>(() => connection.VersionOf(ApiKey.Fetch));
        Assert.Equal(ErrorCode.UnsupportedVersion, e.ErrorCode);
    }

    [Fact]
    public async Task Bootstrap_goes_on_to_the_next_server()
    {
        await using FakeCluster cluster = new();
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = $"127.0.0.1:1,{cluster.BootstrapServers}" });
        ClusterDescription description = await admin.DescribeClusterAsync();
        Assert.Equal("fake", description.ClusterId);
    }

    [Theory]
    [InlineData("a:1,b:2 , c:3", 3)]
    [InlineData("[::1]:9092", 1)]
    public void Server_lists_are_read(string text, int count) => Assert.Equal(count, BrokerEndpoint.ParseList(text).Count);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a:")]
    [InlineData(":1")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:1,b")]
    public void Server_lists_that_make_no_sense_are_refused(string text) =>
        Assert.Throws<FormatException>(() => BrokerEndpoint.ParseList(text));

    [Fact]
    public void An_address_reads_as_it_was_written() =>
        Assert.Equal("[::1]:9092", BrokerEndpoint.Parse("[::1]:9092").ToString());

    [Fact]
    public void Pauses_double_up_to_the_longest()
    {
        RetryBackoff backoff = new(100, 1000);
        Assert.Equal([100, 200, 400, 800, 1000, 1000], Enumerable.Range(1, 6).Select(i => backoff.After(i).TotalMilliseconds));
        Assert.Equal(1000, backoff.After(int.MaxValue).TotalMilliseconds);
    }

    private static Task<BrokerConnection> OpenAsync(FakeCluster cluster, PinnedBlockPool pool) =>
        BrokerConnection.OpenAsync(
            BrokerEndpoint.Parse(cluster.BootstrapServers), new ClientOptions(), pool, false, Wait.Timeout());
}
