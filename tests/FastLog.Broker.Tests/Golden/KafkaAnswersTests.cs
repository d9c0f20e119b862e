using System.Buffers;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Golden;

/// <summary>
/// Requests that were sent to Apache Kafka 4.0.0 are sent to this broker, in the same state as far as it shows, and
/// the answers are compared: as sets where Kafka's order is that of a hash table.
/// </summary>
public sealed class KafkaAnswersTests : IAsyncLifetime
{
    private const string Generated = "generated";
    private const int GoldenPort = 0xb024;

    private TestBroker _broker = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync("offsets.topic.num.partitions=2", "transaction.state.log.num.partitions=2");
        _client = _broker.Connect();
        _client.CreateTopic("gen-topic", 2);
        _client.Produce("gen-topic", TestBatch.Of([.. Enumerable.Range(0, 63).Select(i => $"v{i}")]));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public void ApiVersions_of_an_unknown_version_and_of_a_bad_name()
    {
        var rows = GoldenRow.Of(ApiKey.ApiVersions)
            .Where(row => row.Client == Generated && row.Version is 3 or 99 && row.Response.Length < 20).ToArray();
        Assert.Equal(2, rows.Length);
        foreach (var row in rows)
        {
            Assert.Equal(Hex(row.Response), Hex(Ask(row)));
        }
    }

    [Fact]
    public void FindCoordinator_to_the_byte_but_for_the_port()
    {
        var rows = GoldenRow.Of(ApiKey.FindCoordinator).Where(row => row.Client == Generated).ToArray();
        Assert.True(rows.Length >= 8);
        foreach (var row in rows)
        {
            Assert.Equal(Hex(WithOurPort(row.Response)), Hex(Ask(row)));
        }
    }

    [Fact]
    public void ListOffsets_of_known_empty_and_unknown_partitions()
    {
        var rows = GoldenRow.Of(ApiKey.ListOffsets).Where(row => row.Client == Generated).ToArray();
        Assert.True(rows.Length >= 15);
        foreach (var row in rows)
        {
            Assert.Equal(
                TextOf(Decode<ListOffsetsResponse>(row, row.Response)), TextOf(Decode<ListOffsetsResponse>(row, Ask(row))));
        }

        static IEnumerable<string> TextOf(ListOffsetsResponse response) => response.Topics
            .SelectMany(topic => topic.Partitions.Select(p =>
                $"{topic.Name}/{p.PartitionIndex} {p.ErrorCode} {p.Timestamp} {p.Offset} {p.LeaderEpoch}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void OffsetForLeaderEpoch_to_the_byte()
    {
        var rows = GoldenRow.Of(ApiKey.OffsetForLeaderEpoch).Where(row => row.Client == Generated).ToArray();
        Assert.Equal(3, rows.Length);
        foreach (var row in rows)
        {
            var (kafka, ours) = (
                Decode<OffsetForLeaderEpochResponse>(row, row.Response), Decode<OffsetForLeaderEpochResponse>(row, Ask(row)));
            Assert.Equal(TextOf(kafka), TextOf(ours));
        }

        static IEnumerable<string> TextOf(OffsetForLeaderEpochResponse response) => response.Topics
            .SelectMany(topic => topic.Partitions.Select(p =>
                $"{topic.Topic}/{p.Partition} {p.ErrorCode} {p.LeaderEpoch} {p.EndOffset}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void DeleteRecords_as_far_as_there_are_records()
    {
        var rows = GoldenRow.Of(ApiKey.DeleteRecords).Where(row => row.Client == Generated).ToArray();
        Assert.Equal(3, rows.Length);
        foreach (var row in rows.OrderBy(row => row.Version))
        {
            Assert.Equal(
                TextOf(Decode<DeleteRecordsResponse>(row, row.Response)), TextOf(Decode<DeleteRecordsResponse>(row, Ask(row))));
        }

        static IEnumerable<string> TextOf(DeleteRecordsResponse response) => response.Topics
            .SelectMany(topic => topic.Partitions.Select(p => $"{topic.Name}/{p.PartitionIndex} {p.ErrorCode} {p.LowWatermark}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void CreatePartitions_with_its_messages()
    {
        var rows = GoldenRow.Of(ApiKey.CreatePartitions).Where(row => row.Client == Generated).ToArray();
        Assert.True(rows.Length >= 5);
        foreach (var row in rows)
        {
            Assert.Equal(
                TextOf(Decode<CreatePartitionsResponse>(row, row.Response)),
                TextOf(Decode<CreatePartitionsResponse>(row, Ask(row))));
        }

        // The texts of unknown topics are default texts, which are each project's own.
        static IEnumerable<string> TextOf(CreatePartitionsResponse response) => response.Results
            .Select(result => $"{result.Name} {result.ErrorCode} "
                + (result.ErrorCode == ErrorCode.InvalidPartitions ? result.ErrorMessage : ""))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Fetch_of_unknown_partitions_and_offsets()
    {
        var rows = GoldenRow.Of(ApiKey.Fetch)
            .Where(row => row.Client == Generated && row.Version is < 13 and not 7 && row.Response.Length < 260).ToArray();
        Assert.True(rows.Length >= 2);
        foreach (var row in rows)
        {
            Assert.Equal(TextOf(Decode<FetchResponse>(row, row.Response)), TextOf(Decode<FetchResponse>(row, Ask(row))));
        }

        static IEnumerable<string> TextOf(FetchResponse response) => response.Responses
            .SelectMany(topic => topic.Partitions.Select(p =>
                $"{topic.Topic}/{p.PartitionIndex} {p.ErrorCode} {p.HighWatermark} {p.LastStableOffset} "
                + $"{p.LogStartOffset} {p.PreferredReadReplica} {p.Records.SizeInBytes}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Produce_of_known_and_unknown_partitions()
    {
        var rows = GoldenRow.Of(ApiKey.Produce)
            .Where(row => row.Client == Generated && row.Response.Length > 0).ToArray();
        Assert.True(rows.Length >= 8);
        foreach (var row in rows)
        {
            Assert.Equal(TextOf(Decode<ProduceResponse>(row, row.Response)), TextOf(Decode<ProduceResponse>(row, Ask(row))));
        }

        static IEnumerable<string> TextOf(ProduceResponse response) => response.Responses
            .SelectMany(topic => topic.PartitionResponses.Select(p =>
                $"{topic.Name}/{p.Index} {p.ErrorCode} {p.BaseOffset >= 0} {p.LogAppendTimeMs} {p.LogStartOffset} "
                + $"{p.RecordErrors.Count} {p.ErrorMessage}"))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void DescribeConfigs_of_a_brokers_keys_and_of_resources_that_are_not_there()
    {
        var rows = GoldenRow.Of(ApiKey.DescribeConfigs)
            .Where(row => row.Client == Generated && row.Response.Length < 300).ToArray();
        Assert.True(rows.Length >= 4);
        foreach (var row in rows)
        {
            Assert.Equal(
                TextOf(Decode<DescribeConfigsResponse>(row, row.Response)),
                TextOf(Decode<DescribeConfigsResponse>(row, Ask(row))));
        }

        static IEnumerable<string> TextOf(DescribeConfigsResponse response) => response.Results
            .Select(result => $"{result.ResourceType} {result.ResourceName} {result.ErrorCode} "
                + string.Join(' ', result.Configs.Select(c => $"{c.Name}={c.Value},{c.ReadOnly},{c.ConfigType}").Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal);
    }

    private byte[] Ask(GoldenRow row)
    {
        byte[] frame = [0, 0, 0, 0, .. row.Request];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, row.Request.Length);
        return _client.SendBytes(frame).ToArray();
    }

    private byte[] WithOurPort(byte[] response)
    {
        var ours = (byte[])response.Clone();
        var port = _broker.EndPoint.Port;
        for (var i = 0; i + 1 < ours.Length; i++)
        {
            if (((ours[i] << 8) | ours[i + 1]) == GoldenPort)
            {
                (ours[i], ours[i + 1]) = ((byte)(port >> 8), (byte)port);
            }
        }

        return ours;
    }

    private static TResponse Decode<TResponse>(GoldenRow row, byte[] frame)
        where TResponse : IResponse, new() => TestClient.Decode<TResponse>(frame, row.Api, row.Version, out _);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
