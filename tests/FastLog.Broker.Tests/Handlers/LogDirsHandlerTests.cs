using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Storage;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>DescribeLogDirs and AlterReplicaLogDirs of a broker with two log directories, a and b.</summary>
public sealed class LogDirsHandlerTests : IAsyncLifetime
{
    private readonly FaultyFileSystem _files = new();
    private TestBroker? _broker;
    private TestClient? _client;

    private TestBroker Broker => _broker!;

    private TestClient Client => _client!;

    private string A => $"{Broker.DirectoryPath}/a";

    private string B => $"{Broker.DirectoryPath}/b";

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(_files, directory => [$"log.dirs={directory}/a,{directory}/b"]);
        _client = _broker.Connect();
        Client.CreateTopic("t", 2);
        Client.CreateTopic("__consumer_offsets", 2);
        Client.Produce("t", TestBatch.Of("a record"), 0);
    }

    public async Task DisposeAsync()
    {
        _files.Fault = null;
        Client.Dispose();
        await Broker.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void All_partitions_are_in_the_directory_they_lie_in(short version)
    {
        var results = Describe(null, version).Results;

        Assert.Equal([A, B], results.Select(result => result.LogDir));
        Assert.All(results, result => Assert.Equal(ErrorCode.None, result.ErrorCode));
        Assert.Equal(
            ["__consumer_offsets-0", "__consumer_offsets-1", "t-0", "t-1"],
            results.SelectMany(NamesOf).Order(StringComparer.Ordinal));
        foreach (var result in results)
        {
            Assert.All(NamesOf(result), name => Assert.True(Directory.Exists($"{result.LogDir}/{name}")));
            Assert.Equal(version >= 4, result.TotalBytes > 0 && result.UsableBytes > 0 && result.UsableBytes <= result.TotalBytes);
        }
    }

    [Fact]
    public void A_partition_has_the_size_of_its_segments()
    {
        var partition = Describe([("t", [0])], 4).Results.SelectMany(result => result.Topics).Single().Partitions.Single();

        Assert.Equal(Broker.Server.Replicas.Find("t", 0)!.Log.SizeInBytes, partition.PartitionSize);
        Assert.True(partition.PartitionSize > 0);
        Assert.Equal((0L, false), (partition.OffsetLag, partition.IsFutureKey));
    }

    [Fact]
    public void Only_what_is_asked_for_is_told()
    {
        Assert.Equal(
            ["t-1"], Describe([("t", [1, 7]), ("none", [0])], 4).Results.SelectMany(NamesOf));
        Assert.Equal([0, 0], Describe([], 4).Results.Select(result => result.Topics.Count));
    }

    [Fact]
    public void A_failed_directory_is_an_error_and_has_nothing()
    {
        var inB = IndexIn(B);
        _files.Fault = (step, path) => step == "pwrite" && path.Contains("/b/", StringComparison.Ordinal) ? DiskException.InputOutputError : 0;
        Client.TryProduce("t", TestBatch.Of("lost"), partition: inB);
        _files.Fault = null;

        var results = Describe(null, 4).Results;

        Assert.Equal([ErrorCode.None, ErrorCode.KafkaStorageError], results.Select(result => result.ErrorCode));
        Assert.Empty(results[1].Topics);
        Assert.Equal((-1L, -1L), (results[1].TotalBytes, results[1].UsableBytes));
        Assert.Equal(ErrorCode.KafkaStorageError, Alter(B, "t", IndexIn(A)));
        Assert.Equal(ErrorCode.KafkaStorageError, Alter(A, "t", inB));
    }

    [Fact]
    public void A_disk_that_does_not_say_how_full_it_is_is_an_error()
    {
        _files.Fault = (step, path) => step == "statfs" && path == B ? DiskException.InputOutputError : 0;

        Assert.Equal([ErrorCode.None, ErrorCode.KafkaStorageError], Describe(null, 4).Results.Select(result => result.ErrorCode));
    }

    [Fact]
    public void A_move_to_where_it_lies_is_done_and_another_one_is_refused()
    {
        var (inA, inB) = (IndexIn(A), IndexIn(B));

        Assert.Equal(ErrorCode.None, Alter(A, "t", inA));
        Assert.Equal(ErrorCode.None, Alter(B, "t", inB));
        Assert.Equal(ErrorCode.InvalidRequest, Alter(B, "t", inA));
        Assert.Equal((inA, inB), (IndexIn(A), IndexIn(B)));
    }

    [Fact]
    public void Unknown_directories_and_partitions_are_told_apart()
    {
        Assert.Equal(ErrorCode.LogDirNotFound, Alter("/nonexistent", "none", 0));
        Assert.Equal(ErrorCode.LogDirNotFound, Alter("a", "t", 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Alter(A, "t", 9));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Alter(A, "none", 0));
    }

    private int IndexIn(string directory) =>
        Broker.Server.Replicas.Find("t", 0)!.Log.DirectoryPath.StartsWith(directory + "/", StringComparison.Ordinal) ? 0 : 1;

    private static IEnumerable<string> NamesOf(DescribeLogDirsResponse.DescribeLogDirsResult result) =>
        result.Topics.SelectMany(topic => topic.Partitions.Select(partition => $"{topic.Name}-{partition.PartitionIndex}"));

    private DescribeLogDirsResponse Describe((string Topic, int[] Partitions)[]? topics, short version)
    {
        var request = new DescribeLogDirsRequest { Topics = topics is null ? null : [] };
        foreach (var (name, partitions) in topics ?? [])
        {
            var topic = request.Topics!.Add();
            topic.Topic = name;
            topic.Partitions.AddRange(partitions);
        }

        return Client.Send(request, version);
    }

    private ErrorCode Alter(string directory, string topic, int partition)
    {
        var request = new AlterReplicaLogDirsRequest();
        var target = request.Dirs.Add();
        target.Path = directory;
        var moved = target.Topics.Add();
        moved.Name = topic;
        moved.Partitions.Add(partition);
        var result = Assert.Single(Client.Send(request, 2).Results);
        Assert.Equal(topic, result.TopicName);
        return Assert.Single(result.Partitions).ErrorCode;
    }
}
