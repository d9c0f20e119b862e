using FastLog.Records;

namespace FastLog.Storage.Tests;

public sealed class OpenFilesTests
{
    [Fact]
    public async Task After_a_clean_start_nothing_was_written_and_no_file_is_open()
    {
        LogStand stand = WriteSegments();
        await stand.Directory.DisposeAsync();
        stand.Simulation!.Steps.Clear();
        stand.Start();
        Assert.True(stand.Log.SegmentCount > 3);
        Assert.Equal(0, stand.Directory.OpenFilesCount);
        Assert.Equal(0, stand.Simulation.OpenFilesCount);
        // What is written is the removal of the clean-shutdown marker, which syncs the root once.
        Assert.Equal(1, stand.Simulation.Steps.GetValueOrDefault("fsync"));
        Assert.False(stand.Simulation.Steps.Keys.Intersect(["pwrite", "ftruncate", "creat", "rename", "fdatasync"]).Any());
    }

    [Fact]
    public async Task A_log_that_nobody_used_is_closed_without_a_word_to_the_disk()
    {
        LogStand stand = WriteSegments();
        await stand.RestartCleanly();
        List<string> calls = [];
        stand.Simulation!.Fault = (call, path) =>
        {
            if (path.StartsWith(stand.Log.DirectoryPath, StringComparison.Ordinal))
                calls.Add(call);
            return 0;
        };
        await stand.Directory.DisposeAsync();
        stand.Simulation.Fault = null;
        Assert.Empty(calls);
        stand.Start();
        Assert.True(stand.Directory.WasCleanShutdown);
        Assert.Equal(60, stand.ReadAll().Count);
    }

    [Fact]
    public void The_bound_holds_whatever_is_read()
    {
        LogStand stand = WriteSegments(openFilesMax: 4);
        stand.Flush();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 60; i++)
            {
                Assert.NotNull(LogStand.Take(stand.Log.Read(i * 7 % 60, 100, long.MaxValue, true)));
                Assert.InRange(stand.Directory.OpenFilesCount, 1, 4);
            }
        }
        Assert.Equal(stand.Directory.OpenFilesCount, stand.Simulation!.OpenFilesCount);
    }

    [Fact]
    public void A_file_that_is_being_read_stays_open_beyond_the_bound()
    {
        LogStand stand = WriteSegments(openFilesMax: 1);
        stand.Flush();
        List<ReadResult> reads = [.. Enumerable.Range(0, 60).Select(i => stand.Log.Read(i, 100, long.MaxValue, true))];
        Assert.InRange(stand.Directory.OpenFilesCount, stand.Log.SegmentCount, int.MaxValue);
        for (int i = 0; i < reads.Count; i++)
        {
            RecordBatchHeader.TryRead(LogStand.Take(reads[i])!, out RecordBatchHeader header);
            Assert.Equal(i, header.BaseOffset);
        }
        LogStand.Take(stand.Log.Read(0, 100, long.MaxValue, true));
        stand.Directory.CloseIdleFiles();
        stand.Directory.CloseIdleFiles();
        Assert.Equal(0, stand.Directory.OpenFilesCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_segment_with_unsynced_bytes_stays_open_until_they_are_synced(bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(1));
        stand.Directory.CloseIdleFiles();
        stand.Directory.CloseIdleFiles();
        Assert.InRange(stand.Directory.OpenFilesCount, 1, 3);
        stand.Flush();
        if (hasJournal)
        {
            // Durable, but not in its file: an error of the disk could still come to light.
            Assert.Equal((1, 0), (stand.Log.DurableEndOffset, stand.Log.RecoveryPoint));
            stand.Directory.CloseIdleFiles();
            stand.Directory.CloseIdleFiles();
            Assert.InRange(stand.Directory.OpenFilesCount, 1, 3);
            stand.Directory.CheckpointRecoveryPoints();
        }
        Assert.Equal(1, stand.Log.RecoveryPoint);
        stand.Directory.CloseIdleFiles();
        stand.Directory.CloseIdleFiles();
        Assert.Equal(0, stand.Directory.OpenFilesCount);
        Assert.Equal(1, stand.MustAppend(TestBatches.Make(1)).BaseOffset);
        stand.Flush();
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Fact]
    public void Indexes_closed_before_they_were_synced_are_synced_with_their_segment()
    {
        LogStand stand = new(config: new LogConfig { IndexIntervalBytes = 0 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(TestBatches.Make(1, timestampMs: ManualClock.StartMs + i));
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Directory.CloseIdleFiles();
        stand.Directory.CloseIdleFiles();
        Assert.Equal(0, stand.Directory.OpenFilesCount);
        stand.Log.Roll();
        stand.Flush();
        byte[] index = stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Index));
        Assert.Equal(19 * OffsetIndex.EntrySizeBytes, index.Length);
        stand.CutPower(survival: 0);
        Assert.Equal(index, stand.Simulation.ReadAll(stand.LogPath(0, SegmentNames.Index)));
    }

    [Fact]
    public void When_descriptors_run_out_idle_files_make_room()
    {
        LogStand stand = WriteSegments();
        stand.Flush();
        for (int i = 0; i < 60; i++)
            LogStand.Take(stand.Log.Read(i, 100, long.MaxValue, true));
        stand.Simulation!.Kill();
        stand.Start();
        stand.Simulation.DescriptorsMax = 6;
        for (int i = 0; i < 60; i++)
            Assert.NotNull(LogStand.Take(stand.Log.Read(i, 100, long.MaxValue, true)));
        Assert.False(stand.Directory.IsOffline);
    }

    [Theory]
    [InlineData(8, int.MaxValue, true)]
    [InlineData(0, 12, true)]
    [InlineData(8, int.MaxValue, false)]
    public async Task Many_logs_that_are_written_to_need_few_descriptors(int openFilesMax, int descriptorsMax, bool hasJournal)
    {
        const int Logs = 60;
        LogStand stand = new(logs: Logs, options: LogStand.OptionsOf(hasJournal));
        await stand.Directory.DisposeAsync();
        stand.OpenFilesMax = openFilesMax;
        stand.Simulation!.DescriptorsMax = descriptorsMax;
        stand.Start();
        for (int round = 1; round <= 6; round++)
        {
            foreach (PartitionLog log in stand.Logs)
                Assert.Equal(AppendError.None, log.Append(TestBatches.Sequence(TestBatches.Make(1)), AppendOrigin.Client, 0).Error);
            stand.Flush();
            Assert.All(stand.Logs, log => Assert.Equal(round, log.DurableEndOffset));
            stand.Directory.RunCatchUp();
            Assert.InRange(stand.Directory.OpenFilesCount, 1, Math.Min(descriptorsMax, openFilesMax > 0 ? openFilesMax : int.MaxValue));
            if (round == 3)
                stand.Directory.CheckpointRecoveryPoints();
            if (round == 4)
                Array.ForEach(stand.Logs, log => log.Roll());
            Assert.False(stand.Directory.IsOffline);
        }
        stand.CutPower(survival: 0);
        Assert.All(stand.Logs, log => Assert.Equal(6, log.LogEndOffset));
    }

    [Fact]
    public void A_sync_that_fails_where_room_is_made_takes_the_directory_offline()
    {
        LogStand stand = new(logs: 2);
        using ManualResetEventSlim isTold = new();
        stand.Directory.OnOffline += _ => isTold.Set();
        stand.Simulation!.DescriptorsMax = stand.Simulation.OpenFilesCount + 1;
        string first = stand.Log.DirectoryPath;
        stand.MustAppend(TestBatches.Make(1));
        stand.Simulation.Fault = (call, path) =>
            call == "fdatasync" && path.StartsWith(first, StringComparison.Ordinal) ? DiskException.InputOutputError : 0;
        Assert.Equal(AppendError.StorageError, stand.Logs[1].Append(TestBatches.Sequence(TestBatches.Make(1)), AppendOrigin.Client, 0).Error);
        Assert.True(stand.Directory.IsOffline);
        Assert.True(isTold.Wait(TimeSpan.FromSeconds(30)), "nobody was told");
        stand.Simulation.Fault = null;
        stand.Flush();
        Assert.Equal(0, stand.Log.DurableEndOffset);
    }

    [Fact]
    public void Checkpoints_do_not_make_idle_files_look_used()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Directory.CloseIdleFiles();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Directory.CloseIdleFiles();
        Assert.Equal(0, stand.Directory.OpenFilesCount);
    }

    [Fact]
    public async Task Readers_openers_and_closers_do_not_disturb_each_other()
    {
        LogStand stand = WriteSegments(openFilesMax: 3);
        stand.Flush();
        using CancellationTokenSource stop = new();
        Task closer = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
                stand.Directory.CloseIdleFiles();
        });
        Task[] readers = [.. Enumerable.Range(1, 3).Select(seed => Task.Run(() =>
        {
            Random random = new(seed);
            for (int i = 0; i < 3000; i++)
            {
                int offset = random.Next(60);
                byte[]? bytes = LogStand.Take(stand.Log.Read(offset, 100, long.MaxValue, true));
                RecordBatchHeader.TryRead(bytes!, out RecordBatchHeader header);
                Assert.Equal(offset, header.BaseOffset);
            }
        }))];
        for (int i = 0; i < 300; i++)
        {
            stand.MustAppend(TestBatches.Make(1, "later"));
            stand.Flush();
        }
        await Task.WhenAll(readers);
        await stop.CancelAsync();
        await closer;
        Assert.Equal(360, stand.ReadAll().Count);
    }

    private static LogStand WriteSegments(int openFilesMax = 0)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 1200 });
        if (openFilesMax > 0)
        {
            stand.Simulation!.Kill();
            stand.OpenFilesMax = openFilesMax;
            stand.Start();
        }
        for (int i = 0; i < 60; i++)
            stand.MustAppend(TestBatches.Make(1, "v" + i, timestampMs: ManualClock.StartMs + i));
        Assert.True(stand.Log.SegmentCount > 3);
        return stand;
    }
}
