using System.Buffers.Binary;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Golden;

/// <summary>What Apache Kafka 4.0.0 answered to changes of configuration; the order of resources is that of a hash table.</summary>
public sealed class ConfigAnswersTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _client = _broker.Connect();
        foreach (var row in GoldenRow.Of(ApiKey.AlterConfigs).Concat(GoldenRow.Of(ApiKey.IncrementalAlterConfigs)))
        {
            Names(row).ForEach(name => _client.TryCreateTopic(name));
        }
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public void AlterConfigs_with_its_messages()
    {
        var rows = GoldenRow.Of(ApiKey.AlterConfigs).ToArray();
        Assert.True(rows.Length >= 7);
        foreach (var row in rows)
        {
            Assert.Equal(Text(Decode<AlterConfigsResponse>(row, row.Response)), Text(Decode<AlterConfigsResponse>(row, Ask(row))));
        }

        static IEnumerable<string> Text(AlterConfigsResponse response) => response.Responses
            .Select(result => $"{result.ResourceType} {result.ResourceName} {result.ErrorCode} {result.ErrorMessage}")
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public void IncrementalAlterConfigs_with_its_messages()
    {
        var rows = GoldenRow.Of(ApiKey.IncrementalAlterConfigs).ToArray();
        Assert.True(rows.Length >= 5);
        foreach (var row in rows)
        {
            Assert.Equal(
                Text(Decode<IncrementalAlterConfigsResponse>(row, row.Response)),
                Text(Decode<IncrementalAlterConfigsResponse>(row, Ask(row))));
        }

        static IEnumerable<string> Text(IncrementalAlterConfigsResponse response) => response.Responses
            .Select(result => $"{result.ResourceType} {result.ResourceName} {result.ErrorCode} {result.ErrorMessage}")
            .Order(StringComparer.Ordinal);
    }

    // Topics that were there when Kafka was asked: all that it did not say otherwise of.
    private static List<string> Names(GoldenRow row)
    {
        var isIncremental = row.Api == ApiKey.IncrementalAlterConfigs;
        var answered = isIncremental
            ? Decode<IncrementalAlterConfigsResponse>(row, row.Response).Responses
                .Select(result => (result.ResourceType, result.ResourceName, result.ErrorCode))
            : Decode<AlterConfigsResponse>(row, row.Response).Responses
                .Select(result => (result.ResourceType, result.ResourceName, result.ErrorCode));
        return
        [
            .. answered.Where(result => result.ResourceType == 2 && result.ErrorCode != ErrorCode.UnknownTopicOrPartition)
                .Select(result => result.ResourceName),
        ];
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
