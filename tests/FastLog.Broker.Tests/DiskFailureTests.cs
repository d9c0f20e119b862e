using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Storage;

namespace FastLog.Broker.Tests;

/// <summary>What clients see of a disk that fails or is full: a broker with two log directories, a and b.</summary>
public sealed class DiskFailureTests : IAsyncLifetime
{
    private readonly FaultyFileSystem _files = new();
    private TestBroker? _broker;
    private TestClient? _client;

    private TestBroker Broker => _broker!;

    private TestClient Client => _client!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(_files, directory => [$"log.dirs={directory}/a,{directory}/b"]);
        _client = _broker.Connect();
        Client.CreateTopic("t", 2);
        for (var partition = 0; partition < 2; partition++)
        {
            Client.Produce("t", TestBatch.Of("before"), partition);
        }
    }

    public async Task DisposeAsync()
    {
        _files.Fault = null;
        Client.Dispose();
        await Broker.DisposeAsync();
    }

    [Theory]
    [InlineData("pwrite", 1)]
    [InlineData("fdatasync", 1)]
    [InlineData("fdatasync", -1)]
    public void A_failed_directory_answers_with_a_storage_error_and_is_told_in_the_metadata(string call, short acks)
    {
        var (inA, inB) = Places();
        _files.Fault = (step, path) => step == call && path.Contains("/b/", StringComparison.Ordinal) ? DiskException.InputOutputError : 0;

        Assert.Equal(ErrorCode.KafkaStorageError, Client.TryProduce("t", TestBatch.Of("lost"), acks: acks, partition: inB).ErrorCode);
        _files.Fault = null;
        Until.True(() => Metadata(9)[inB].LeaderId == -1);

        Assert.Equal(ErrorCode.KafkaStorageError, Client.TryProduce("t", TestBatch.Of("lost"), partition: inB).ErrorCode);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, Client.TryProduce("t", TestBatch.Of("lost"), version: 3, partition: inB).ErrorCode);
        Assert.Equal(ErrorCode.KafkaStorageError, Client.FetchOne("t", 0, partition: inB).ErrorCode);
        Assert.Equal(1, Client.Produce("t", TestBatch.Of("after"), inA));
        Assert.Equal(2, Client.FetchOne("t", 0, partition: inA).HighWatermark);
        var partitions = Metadata(9);
        Assert.Equal((ErrorCode.LeaderNotAvailable, ErrorCode.None), (partitions[inB].ErrorCode, partitions[inA].ErrorCode));
        Assert.Equal([1], partitions[inB].OfflineReplicas);
        Assert.Empty(partitions[inA].OfflineReplicas);
        Assert.False(Broker.Server.Failed.IsCompleted);
    }

    [Fact]
    public async Task A_failed_metadata_directory_is_the_brokers_end()
    {
        var (inA, _) = Places();
        _files.Fault = (step, path) =>
            step == "fdatasync" && path.Contains("/a/", StringComparison.Ordinal) ? DiskException.InputOutputError : 0;
        Assert.Equal(ErrorCode.KafkaStorageError, Client.TryProduce("t", TestBatch.Of("lost"), partition: inA).ErrorCode);
        Assert.Contains("holds the metadata", await Broker.Server.Failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_readers_go_on_and_writers_as_soon_as_there_is_space()
    {
        _files.Fault = (step, _) => step is "pwrite" or "open" or "mkdir" ? DiskException.OutOfSpace : 0;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ErrorCode.KafkaStorageError, Client.TryProduce("t", TestBatch.Of("refused"), partition: i % 2).ErrorCode);
            Assert.Equal(1, Client.FetchOne("t", 0, partition: i % 2).HighWatermark);
        }

        Assert.All(Metadata(9), partition => Assert.Equal((ErrorCode.None, 1), (partition.ErrorCode, partition.LeaderId)));
        _files.Fault = null;
        Assert.Equal(1, Client.Produce("t", TestBatch.Of("after"), 0));
        Assert.Equal(1, Client.Produce("t", TestBatch.Of("after"), 1));
        Assert.False(Broker.Server.Failed.IsCompleted);

        await Broker.RestartAsync($"log.dirs={Broker.DirectoryPath}/a,{Broker.DirectoryPath}/b");
        using var client = Broker.Connect();
        Assert.Equal(2, client.EndOffset("t", 0));
        Assert.Equal(2, client.EndOffset("t", 1));
    }

    private (int InA, int InB) Places() =>
        Broker.Server.Replicas.Find("t", 0)!.Log.DirectoryPath.Contains("/a/", StringComparison.Ordinal) ? (0, 1) : (1, 0);

    private MessageList<MetadataResponse.MetadataResponsePartition> Metadata(short version)
    {
        var request = new MetadataRequest { Topics = new() };
        request.Topics.Add().Name = "t";
        return Client.Send(request, version).Topics[0].Partitions;
    }
}
