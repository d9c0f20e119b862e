namespace FastLog.Storage.Tests;

public sealed class RollAndCutTests
{
    [Fact]
    public void Segments_roll_by_size_and_never_exceed_it()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 500 });
        for (int i = 0; i < 50; i++)
            stand.MustAppend(TestBatches.Make(1 + i % 3));
        Assert.True(stand.Log.SegmentCount > 5);
        foreach (string name in stand.Simulation!.ListFiles(stand.Log.DirectoryPath).Where(name => name.EndsWith(".log", StringComparison.Ordinal)))
            Assert.InRange(stand.Simulation.ReadAll(stand.PathOf(name)).Length, 1, 500);
    }

    [Fact]
    public void Segments_roll_by_record_time()
    {
        LogStand stand = new(config: new LogConfig { SegmentMs = 1000 });
        stand.MustAppend(TestBatches.Make(1, timestampMs: 5000));
        stand.MustAppend(TestBatches.Make(1, timestampMs: 6000));
        Assert.Equal(1, stand.Log.SegmentCount);
        stand.MustAppend(TestBatches.Make(1, timestampMs: 6001));
        Assert.Equal(2, stand.Log.SegmentCount);
        Assert.Equal(2, stand.Log.ActiveSegmentBaseOffset);
    }

    [Fact]
    public void Segments_without_times_roll_by_their_age()
    {
        LogStand stand = new(config: new LogConfig { SegmentMs = 1000 });
        stand.MustAppend(TestBatches.Make(1, timestampMs: -1));
        stand.Clock.NowMs += 1001;
        stand.MustAppend(TestBatches.Make(1, timestampMs: -1));
        Assert.Equal(2, stand.Log.SegmentCount);
    }

    [Fact]
    public void Segments_roll_when_an_index_is_full()
    {
        LogStand stand = new(config: new LogConfig { IndexIntervalBytes = 0, SegmentIndexBytes = 24 });
        for (int i = 0; i < 10; i++)
            stand.MustAppend(TestBatches.Make(1, timestampMs: ManualClock.StartMs + i));
        Assert.True(stand.Log.SegmentCount > 2);
    }

    [Fact]
    public async Task Preallocated_segments_are_as_long_as_their_batches_when_rolled_and_when_closed()
    {
        string root = Directory.CreateTempSubdirectory("fastlog-storage-").FullName;
        try
        {
            LogConfig config = new() { Preallocate = true, SegmentBytes = 4 * 1024 * 1024 };
            LogStand stand = new(new PosixFileSystem(), config, Path.Combine(root, "data"));
            byte[] batch = TestBatches.Make(3);
            stand.MustAppend(batch);
            string first = stand.LogPath(0, SegmentNames.Log);
            // Reserved space is no length: a reader of the file, Kafka among them, sees batches and nothing else.
            Assert.Equal(batch.Length, new FileInfo(first).Length);
            stand.Log.Roll();
            Assert.Equal(batch.Length, new FileInfo(first).Length);
            Assert.InRange(BlocksBytes(first), 1, 64 * 1024);
            stand.MustAppend(batch);
            string second = stand.LogPath(3, SegmentNames.Log);
            await stand.RestartCleanly();
            Assert.Equal(batch.Length, new FileInfo(second).Length);
            Assert.InRange(BlocksBytes(second), 1, 64 * 1024);
            Assert.Equal(2, stand.ReadAll().Count);
            Assert.Equal(6, stand.MustAppend(batch).BaseOffset);
            await stand.Directory.DisposeAsync();
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    // What the file takes on the disk, as the shell's tools count it.
    private static long BlocksBytes(string path)
    {
        using System.Diagnostics.Process stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%b %B", path]) { RedirectStandardOutput = true })!;
        string[] fields = stat.StandardOutput.ReadToEnd().Split(' ');
        stat.WaitForExit();
        return long.Parse(fields[0], System.Globalization.CultureInfo.InvariantCulture)
            * long.Parse(fields[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_zero_tail_that_a_crash_left_is_cut_without_alarm()
    {
        RecordingLogger logger = new();
        LogStand stand = new(config: new LogConfig { Preallocate = true }, logger: logger);
        stand.MustAppend(TestBatches.Make(3));
        byte[] bytes = stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Log));
        stand.Simulation.Kill();
        stand.Simulation.WriteAll(stand.LogPath(0, SegmentNames.Log), [.. bytes, .. new byte[10_000]]);
        stand.Start();
        Assert.Equal(bytes, stand.Simulation.ReadAll(stand.LogPath(0, SegmentNames.Log)));
        Assert.Equal(3, stand.Log.LogEndOffset);
        Assert.Empty(logger.Of(Microsoft.Extensions.Logging.LogLevel.Warning));
        Assert.Empty(logger.Of(Microsoft.Extensions.Logging.LogLevel.Error));
    }

    [Fact]
    public void Index_entries_have_Kafkas_meaning()
    {
        LogStand stand = new(config: new LogConfig { IndexIntervalBytes = 150 });
        int[] sizes = [.. Enumerable.Range(0, 5).Select(i =>
        {
            byte[] batch = TestBatches.Make(2, new string('v', 20), timestampMs: ManualClock.StartMs + i);
            stand.MustAppend(batch);
            return batch.Length;
        })];
        stand.Directory.CheckpointRecoveryPoints();
        int size = sizes[0];
        Assert.InRange(size, 76, 150);
        byte[] index = stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Index));
        // Each time more than 150 bytes went by: the last offset of the append, and where the append starts.
        Assert.Equal($"00000005{2 * size:x8}00000009{4 * size:x8}", Convert.ToHexStringLower(index));
        byte[] timeIndex = stand.Simulation.ReadAll(stand.LogPath(0, SegmentNames.TimeIndex));
        Assert.Equal(
            $"{ManualClock.StartMs + 2:x16}00000005{ManualClock.StartMs + 4:x16}00000009", Convert.ToHexStringLower(timeIndex));
    }

    [Fact]
    public async Task A_roll_leaves_a_last_time_entry_and_a_producer_snapshot()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(3, producerId: 9, producerEpoch: 0, baseSequence: 0));
        stand.Log.Roll();
        Assert.Equal(12, stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.TimeIndex)).Length);
        Assert.Equal(56, stand.Simulation.ReadAll(stand.LogPath(3, SegmentNames.Snapshot)).Length);
        stand.Log.Roll();
        Assert.Equal(2, stand.Log.SegmentCount);
        await stand.RestartCleanly();
        Assert.Equal((2, 3), (stand.Log.SegmentCount, stand.Log.LogEndOffset));
    }

    [Fact]
    public void A_cut_is_durable_and_what_follows_it_is_new()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 400 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(TestBatches.Make(2, "old" + i), leaderEpoch: 1);
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Log.TruncateTo(11);
        Assert.Equal(10, stand.Log.LogEndOffset);
        Assert.Equal(10, stand.Log.DurableEndOffset);
        stand.CutPower(survival: 0);
        Assert.Equal(10, stand.Log.LogEndOffset);
        Assert.Equal(10, stand.MustAppend(TestBatches.Make(2, "new"), leaderEpoch: 2).BaseOffset);
        Assert.Equal(TestBatches.Stored(TestBatches.Make(2, "new"), 10, 2), stand.ReadAll()[^1]);
    }

    [Fact]
    public async Task A_log_restarts_at_any_offset()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(5));
        stand.Log.TruncateFullyAndStartAt(1000);
        Assert.Equal((1000, 1000, 1000), (stand.Log.LogStartOffset, stand.Log.LogEndOffset, stand.Log.DurableEndOffset));
        Assert.Equal(1000, stand.MustAppend(TestBatches.Make(2)).BaseOffset);
        await stand.RestartCleanly();
        Assert.Equal((1000, 1002), (stand.Log.LogStartOffset, stand.Log.LogEndOffset));
        stand.Log.TruncateFullyAndStartAt(7);
        stand.CutPower(survival: 0);
        Assert.Equal((7, 7), (stand.Log.LogStartOffset, stand.Log.LogEndOffset));
    }

    [Fact]
    public void Deleted_records_stay_deleted_and_their_segments_go()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 400 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(TestBatches.Make(2));
        stand.Flush();
        int segments = stand.Log.SegmentCount;
        stand.Log.AdvanceLogStart(25);
        Assert.True(stand.Log.SegmentCount < segments);
        stand.CutPower(survival: 0);
        Assert.Equal(25, stand.Log.LogStartOffset);
        Assert.Equal(24, TestBatchesHeader(stand.ReadAll()[0]));
        stand.Log.AdvanceLogStart(3);
        Assert.Equal(25, stand.Log.LogStartOffset);
        Assert.Throws<ArgumentOutOfRangeException>(() => stand.Log.AdvanceLogStart(41));
        stand.Log.AdvanceLogStart(40);
        Assert.Empty(stand.ReadAll(40));
    }

    private static long TestBatchesHeader(byte[] batch)
    {
        Records.RecordBatchHeader.TryRead(batch, out Records.RecordBatchHeader header);
        return header.BaseOffset;
    }
}
