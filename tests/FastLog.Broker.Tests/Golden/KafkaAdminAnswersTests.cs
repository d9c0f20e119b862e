using System.Buffers.Binary;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Golden;

/// <summary>What Apache Kafka 4.0.0 answered to operators' requests, and what this broker answers.</summary>
public sealed class KafkaAdminAnswersTests : IAsyncLifetime
{
    private const string Generated = "generated";

    private TestBroker _broker = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _client = _broker.Connect();
        _client.CreateTopic("gen-topic", 2);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Theory]
    [InlineData(ApiKey.UpdateFeatures, 5)]
    [InlineData(ApiKey.UnregisterBroker, 1)]
    [InlineData(ApiKey.ListPartitionReassignments, 1)]
    [InlineData(ApiKey.AlterPartitionReassignments, 1)]
    [InlineData(ApiKey.ElectLeaders, 5)]
    public void To_the_byte(ApiKey api, int rowsMin)
    {
        var rows = GoldenRow.Of(api).Where(row => row.Client == Generated).ToArray();
        Assert.True(rows.Length >= rowsMin, $"{rows.Length} rows of {api}");
        foreach (var row in rows)
        {
            Assert.Equal(Convert.ToHexStringLower(row.Response), Convert.ToHexStringLower(Ask(row)));
        }
    }

    [Theory]
    [InlineData(ApiKey.DescribeQuorum, 3)]
    [InlineData(ApiKey.AlterReplicaLogDirs, 2)]
    public void To_the_byte_where_nothing_is_asked_for(ApiKey api, int rowsCount)
    {
        var rows = GoldenRow.Of(api).Where(row => row.Client == Generated && row.Response.Length < 16).ToArray();
        Assert.Equal(rowsCount, rows.Length);
        foreach (var row in rows)
        {
            Assert.Equal(Convert.ToHexStringLower(row.Response), Convert.ToHexStringLower(Ask(row)));
        }
    }

    [Fact]
    public void DescribeTransactions_of_an_id_that_is_not_known()
    {
        var row = GoldenRow.Of(ApiKey.DescribeTransactions).MinBy(row => row.Response.Length)!;

        Assert.Equal(Convert.ToHexStringLower(row.Response), Convert.ToHexStringLower(Ask(row)));
    }

    [Fact]
    public void ListTransactions_names_the_states_that_it_does_not_know()
    {
        var rows = GoldenRow.Of(ApiKey.ListTransactions).Where(row => row.Client == Generated).ToArray();
        Assert.True(rows.Length >= 5);
        foreach (var row in rows)
        {
            var (kafka, ours) = (Decode<ListTransactionsResponse>(row, row.Response), Decode<ListTransactionsResponse>(row, Ask(row)));
            Assert.Equal(kafka.UnknownStateFilters, ours.UnknownStateFilters);
            Assert.Equal(kafka.ErrorCode, ours.ErrorCode);
            Assert.Empty(ours.TransactionStates);
        }
    }

    [Fact]
    public void DescribeProducers_of_unknown_partitions()
    {
        var row = Assert.Single(GoldenRow.Of(ApiKey.DescribeProducers), row => row.Client == Generated);

        Assert.Equal(
            ErrorsOf(Decode<DescribeProducersResponse>(row, row.Response)),
            ErrorsOf(Decode<DescribeProducersResponse>(row, Ask(row))));

        static IEnumerable<string> ErrorsOf(DescribeProducersResponse response) => response.Topics.SelectMany(
            topic => topic.Partitions.Select(partition => $"{topic.Name}/{partition.PartitionIndex} {partition.ErrorCode}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void DescribeQuorum_has_one_voter_that_leads_and_is_up_to_date()
    {
        var rows = GoldenRow.Of(ApiKey.DescribeQuorum).Where(row => row.Response.Length > 40).ToArray();
        Assert.True(rows.Length >= 4);
        foreach (var row in rows)
        {
            Assert.Equal(
                TextOf(Decode<DescribeQuorumResponse>(row, row.Response), row.Version),
                TextOf(Decode<DescribeQuorumResponse>(row, Ask(row)), row.Version));
        }

        static string TextOf(DescribeQuorumResponse response, short version)
        {
            var topic = Assert.Single(response.Topics);
            var partition = Assert.Single(topic.Partitions);
            var voter = Assert.Single(partition.CurrentVoters);
            Assert.True(partition.LeaderEpoch > 0 && partition.HighWatermark > 0);
            Assert.Equal(partition.HighWatermark, voter.LogEndOffset);
            Assert.Equal(version >= 1, voter.LastFetchTimestamp > 0);
            Assert.Equal(version >= 2, voter.ReplicaDirectoryId != Guid.Empty);
            return $"{response.ErrorCode} '{response.ErrorMessage}' {topic.TopicName}/{partition.PartitionIndex} "
                + $"{partition.ErrorCode} '{partition.ErrorMessage}' {partition.LeaderId} {voter.ReplicaId} "
                + $"{partition.Observers.Count} {string.Join(',', response.Nodes.Select(node => node.NodeId))}";
        }
    }

    private byte[] Ask(GoldenRow row)
    {
        byte[] frame = [0, 0, 0, 0, .. row.Request];
        BinaryPrimitives.WriteInt32BigEndian(frame, row.Request.Length);
        return _client.SendBytes(frame).ToArray();
    }

    private static TResponse Decode<TResponse>(GoldenRow row, byte[] frame)
        where TResponse : IResponse, new() => TestClient.Decode<TResponse>(frame, row.Api, row.Version, out _);
}
