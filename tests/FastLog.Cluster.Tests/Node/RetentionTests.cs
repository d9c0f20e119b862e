using System.Buffers;
using FastLog.Protocol;
using FastLog.Storage;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Cluster.Tests.Node;

/// <summary>What the storage of one partition does to a broker and to its other partitions.</summary>
public sealed class RetentionTests
{
    private readonly SimulatedFileSystem _files = new(seed: 1);

    [Theory]
    [InlineData("/data")]
    [InlineData("/data/")]
    public async Task Segments_go_the_earliest_offset_follows_and_offsets_go_on(string path)
    {
        var test = await new TestNode(_files, path).Start();
        Assert.Equal("/data", Assert.Single(test.Node.LogDirectoryPaths));
        await test.Create("small", 1, new("segment.bytes", "1048576"), new("retention.bytes", "1100000"));
        await test.Create("large", 1, new KeyValuePair<string, string?>("segment.bytes", "1048576"));
        foreach (var name in new[] { "small", "large" })
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(AppendError.None, Append(test, name, new string('x', 700_000)));
            }
            Assert.True(await test.Produce(name));
        }
        var small = test.Node.Replicas.Find("small", 0)!;
        var reading = small.Log.Read(0, 100, long.MaxValue, atLeastOneBatch: true);

        using (var upkeep = new NodeUpkeep(test.Node.LogDirectories, test.Node.Replicas, NullLogger<NodeUpkeep>.Instance))
        {
            upkeep.DeleteOldSegments();
        }

        Assert.Equal(2, small.LogStartOffset);
        Assert.Equal(5, small.HighWatermark);
        Assert.Equal(0, test.Node.Replicas.Find("large", 0)!.LogStartOffset);
        var bytes = new byte[reading.SizeInBytes];
        Assert.Equal(bytes.Length, reading.Lease!.File.Read(reading.Position, bytes));
        reading.Lease.Dispose();
        Assert.True(await test.Produce("small"));
        await test.Restart();
        Assert.Equal((2L, 6L), (test.Node.Replicas.Find("small", 0)!.LogStartOffset, test.Node.Replicas.Find("small", 0)!.HighWatermark));
        await test.Stop();
    }

    [Fact]
    public async Task A_partition_whose_end_is_damaged_stays_offline_and_the_others_serve()
    {
        var test = await new TestNode(_files).Start();
        await test.Create("t", 3);
        for (var index = 0; index < 3; index++)
        {
            Assert.True(await test.Produce("t", index));
        }
        await test.Stop();
        var path = "/data/t-1/00000000000000000000.log";
        _files.FlipBit(path, 16, 0);
        var length = _files.ReadAll(path).Length;

        await test.Start();

        Assert.Null(test.Node.Replicas.Find("t", 1));
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", 1));
        Assert.True(await test.Produce("t", 0));
        Assert.True(await test.Produce("t", 2));
        Assert.DoesNotContain(test.Node.LogDirectories, directory => directory.IsOffline);
        await test.Restart();
        Assert.Equal(ErrorCode.KafkaStorageError, test.Node.Replicas.WhyMissing("t", 1));
        await test.Stop();
        Assert.Equal(length, _files.ReadAll(path).Length);
    }

    private static AppendError Append(TestNode test, string topic, string text) =>
        test.Node.Replicas.Find(topic, 0)!.AppendAsLeader(new ReadOnlySequence<byte>(TestBatches.Make(1, text))).Error;
}
