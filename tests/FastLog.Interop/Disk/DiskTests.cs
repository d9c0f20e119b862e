using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Disk;

/// <summary>A server on a disk that fills up, and one whose disk goes away.</summary>
public sealed class DiskTests(ITestOutputHelper output)
{
    private const int DiskMebibytes = 24;
    private const short KafkaStorageError = 56;

    [Fact]
    public async Task A_full_disk_refuses_writers_serves_readers_and_takes_writes_again_when_there_is_space()
    {
        (SmallDisk? disk, string reason) = await SmallDisk.TryMountAsync(DiskMebibytes);
        if (disk is null)
        {
            // Said, not skipped: without root the broker's own tests show the same on a file system that says it is full.
            output.WriteLine($"No file system of its own for this test ({reason}): the broker's DiskFailureTests stand for it.");
            return;
        }

        await using SmallDisk mounted = disk;
        string ballast = Path.Combine(mounted.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[8 << 20]);
        await using BrokerProcess broker = await BrokerProcess.StartAsync($"log.dirs={Path.Combine(mounted.Path, "data")}");
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync("t", 1, ("segment.bytes", "3000000")));

        var acknowledged = new List<string>();
        short error;
        while ((error = await TryProduceAsync(client, acknowledged)) == WireErrors.None)
        {
            Assert.True(acknowledged.Count < 1000, "the disk never filled up");
        }

        Assert.Equal(KafkaStorageError, error);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(KafkaStorageError, await TryProduceAsync(client, acknowledged));
        }

        await AssertStoredAsync(client, acknowledged);
        File.Delete(ballast);
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(WireErrors.None, await TryProduceAsync(client, acknowledged));
        }

        Assert.Single(broker.Output.ToString().Split('\n'), line => line.Contains("No space left for log directory", StringComparison.Ordinal));
        await broker.KillAsync();
        await broker.RestartAsync();
        await using WireClient again = await WireClient.OpenAsync(broker.Port);
        await AssertStoredAsync(again, acknowledged);
        Assert.Equal(0, await broker.TerminateAsync());
        output.WriteLine($"{acknowledged.Count} records acknowledged, none lost");
    }

    [Fact]
    public async Task A_server_whose_metadata_directory_is_gone_ends_with_1_and_says_why()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync("replica.high.watermark.checkpoint.interval.ms=100");
        await using (WireClient client = await WireClient.OpenAsync(broker.Port))
        {
            Assert.Equal(WireErrors.None, await client.CreateTopicAsync("t", 1));
        }

        foreach (string entry in Directory.GetFileSystemEntries(broker.Data.Path))
        {
            if (Directory.Exists(entry))
            {
                Directory.Delete(entry, recursive: true);
            }
            else
            {
                File.Delete(entry);
            }
        }

        Directory.Delete(broker.Data.Path);
        Assert.Equal(1, await broker.ExitAsync());
        Directory.CreateDirectory(broker.Data.Path);
        string last = broker.Output.ToString().TrimEnd().Split('\n')[^1];
        Assert.StartsWith($"fastlog: log directory {broker.Data.Path}, which holds the metadata, has failed", last, StringComparison.Ordinal);
    }

    private static async Task<short> TryProduceAsync(WireClient client, List<string> acknowledged)
    {
        string value = $"record {acknowledged.Count} ".PadRight(100_000, '.');
        byte[] batch = WireBatch.Encode([value], DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), WireProducer.None);
        Produced answer = await client.ProduceAsync("t", 0, batch);
        if (answer.Error == WireErrors.None)
        {
            Assert.Equal(acknowledged.Count, answer.BaseOffset);
            acknowledged.Add(value);
        }

        return answer.Error;
    }

    private static async Task AssertStoredAsync(WireClient client, List<string> acknowledged) =>
        Assert.Equal(acknowledged, (await client.ReadAllAsync("t", 0)).Select(record => record.Value!));
}
