using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationCollection;

/// <summary>Steady state on the kernel's files: nothing is allocated per append, read or group commit.</summary>
[Collection(nameof(AllocationTests))]
public sealed class AllocationTests : IDisposable
{
    private const int WarmUps = 3000;
    private const int Rounds = 2000;

    private readonly string _root = Directory.CreateTempSubdirectory("fastlog-storage-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Appends_and_reads_allocate_nothing()
    {
        LogStand stand = new(new PosixFileSystem(), root: Path.Combine(_root, "data"));
        ReadOnlySequence<byte> plain = TestBatches.InPieces(TestBatches.Make(20, "some text"), 400);
        ReadOnlySequence<byte>[] idempotent =
            [.. Enumerable.Range(0, WarmUps + Rounds).Select(i => TestBatches.Sequence(TestBatches.Make(1, producerId: 7, producerEpoch: 0, baseSequence: i)))];
        long allocated = -1;
        for (int i = 0; i < idempotent.Length; i++)
        {
            if (i == WarmUps)
                allocated = GC.GetAllocatedBytesForCurrentThread();
            Use(stand.Log.Append(plain, AppendOrigin.Client, 1));
            Use(stand.Log.Append(idempotent[i], AppendOrigin.Client, 1));
            Use(stand.Log.Read(stand.Log.LogEndOffset - 1, 100_000, long.MaxValue, true));
            Use(stand.Log.Read(i * 17 % stand.Log.LogEndOffset, 3000, long.MaxValue, true));
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        await stand.Directory.DisposeAsync();
        Assert.Equal(0, allocated);
    }

    // Assert.Equal would box, and allocate more than all it measures.
    private static void Use(in AppendResult result) => Assert.True(result.Error == AppendError.None);

    private static void Use(in ReadResult result)
    {
        Assert.True(result.SizeInBytes > 0);
        result.Lease!.Dispose();
    }

    [Fact]
    public async Task Group_commits_allocate_nothing_on_the_flushers_thread()
    {
        LogDirectory directory = LogDirectory.Open(
            Path.Combine(_root, "data"), LogStand.Options, new PosixFileSystem(), TimeProvider.System, NullLogger.Instance);
        ThreadMeter meter = new();
        PartitionLog[] logs =
            [.. Enumerable.Range(0, 4).Select(i => directory.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, new LogConfig()))];
        Array.ForEach(logs, log => log.Listener = meter);
        ReadOnlySequence<byte> batch = TestBatches.Sequence(TestBatches.Make(3));
        AppendAndFlush(directory, logs, batch, 100);
        meter.Restart();
        AppendAndFlush(directory, logs, batch, 100);
        await directory.DisposeAsync();
        Assert.True(meter.CallsCount >= 100);
        Assert.Equal(0, meter.AllocatedBytes);
    }

    private static void AppendAndFlush(LogDirectory directory, PartitionLog[] logs, in ReadOnlySequence<byte> batch, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            for (int n = 0; n < logs.Length; n++)
                logs[n].Append(batch, AppendOrigin.Client, 1);
            directory.FlushAll();
        }
    }

    /// <summary>Called on the flusher's thread, it sees what that thread allocated since the restart.</summary>
    private sealed class ThreadMeter : ILogListener
    {
        private long _startBytes = -1;

        public int CallsCount { get; private set; }

        public long AllocatedBytes { get; private set; }

        public void Restart() => (_startBytes, CallsCount) = (-1, 0);

        public void OnAppended(PartitionLog log, long logEndOffset)
        {
        }

        public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
        {
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            if (_startBytes < 0)
                _startBytes = bytes;
            AllocatedBytes = bytes - _startBytes;
            CallsCount++;
        }

        public void OnFailed(PartitionLog log, Exception failure)
        {
        }
    }
}
