using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

public sealed class RetentionTests
{
    private const int RecordsCount = 40;

    private readonly RecordingLogger _logger = new();

    [Fact]
    public void Segments_go_when_their_newest_record_is_too_old()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionMs = 1000 });
        int segments = stand.Log.SegmentCount;
        stand.Clock.NowMs = ManualClock.StartMs + 1000;
        Assert.Equal(0, stand.Log.DeleteOldSegments(RecordsCount));
        // One ms later the first records are too old; their segments are once their last records are.
        stand.Clock.NowMs = ManualClock.StartMs + 1000 + 20;
        int gone = stand.Log.DeleteOldSegments(RecordsCount);
        Assert.InRange(gone, 1, segments - 1);
        Assert.Equal(segments - gone, stand.Log.SegmentCount);
        Assert.InRange(stand.Log.LogStartOffset, 1, 20);
        Assert.Equal(stand.Log.LogStartOffset, BaseOf(stand.ReadAll()[0]));
        string told = Assert.Single(_logger.Of(LogLevel.Information), line => line.StartsWith("Deleting", StringComparison.Ordinal));
        Assert.Contains("retention.ms", told, StringComparison.Ordinal);
        Assert.Contains($"offsets 0 to {stand.Log.LogStartOffset},", told, StringComparison.Ordinal);
        Assert.Equal(ReadStatus.OutOfRange, stand.Log.Read(0, 100, long.MaxValue, true).Status);
    }

    [Fact]
    public async Task What_was_found_at_start_ages_by_its_records_and_is_not_kept_open()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionMs = 1000 });
        await stand.RestartCleanly();
        stand.Clock.NowMs = ManualClock.StartMs + 1000 + 20;
        Assert.InRange(stand.Log.DeleteOldSegments(RecordsCount), 1, stand.Log.SegmentCount);
        Assert.Equal(0, stand.Directory.OpenFilesCount);
    }

    [Fact]
    public void Records_without_times_age_by_the_files_time()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 400, RetentionMs = 1000 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(TestBatches.Make(1, timestampMs: -1));
        stand.Simulation!.ModifiedMs = stand.Clock.NowMs;
        Assert.Equal(0, stand.Log.DeleteOldSegments(20));
        stand.Simulation.ModifiedMs = stand.Clock.NowMs - 1001;
        int segments = stand.Log.SegmentCount;
        Assert.Equal(segments, stand.Log.DeleteOldSegments(20));
        Assert.Equal((20, 20, 1), (stand.Log.LogStartOffset, stand.Log.LogEndOffset, stand.Log.SegmentCount));
    }

    [Fact]
    public void The_oldest_go_until_the_rest_fits_retention_bytes()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 1000, RetentionMs = -1 });
        Assert.InRange(stand.Log.DeleteOldSegments(RecordsCount), 1, 100);
        Assert.InRange(stand.Log.SizeInBytes, 1000, 1400);
        Assert.Equal(0, stand.Log.DeleteOldSegments(RecordsCount));
        Assert.Contains("retention.bytes", _logger.Of(LogLevel.Information)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_at_or_above_the_high_watermark_goes()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 0, RetentionMs = 1 });
        stand.Clock.NowMs += 1_000_000;
        stand.Log.DeleteOldSegments(11);
        Assert.InRange(stand.Log.LogStartOffset, 1, 11);
        long start = stand.Log.LogStartOffset;
        Assert.Equal(0, stand.Log.DeleteOldSegments(start));
        Assert.Equal(RecordsCount - start, stand.ReadAll().Count);
    }

    [Fact]
    public async Task The_active_segment_goes_too_and_offsets_go_on()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionMs = 1000 });
        stand.Flush();
        stand.Clock.NowMs += 1_000_000;
        int segments = stand.Log.SegmentCount;
        Assert.Equal(segments, stand.Log.DeleteOldSegments(RecordsCount));
        Assert.Equal((RecordsCount, RecordsCount, 0L), (stand.Log.LogStartOffset, stand.Log.LogEndOffset, stand.Log.SizeInBytes));
        Assert.Equal(0, stand.Log.DeleteOldSegments(RecordsCount));
        await stand.RestartCleanly();
        Assert.Equal((RecordsCount, RecordsCount), (stand.Log.LogStartOffset, stand.Log.LogEndOffset));
        Assert.Equal(RecordsCount, stand.MustAppend(TestBatches.Make(1)).BaseOffset);
    }

    [Fact]
    public void A_log_that_is_only_compacted_loses_what_lies_below_its_start_alone()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionMs = 1, RetentionBytes = 0, IsDeleted = false, IsCompacted = true });
        stand.Clock.NowMs += 1_000_000;
        Assert.Equal(0, stand.Log.DeleteOldSegments(RecordsCount));
        stand.Log.AdvanceLogStart(RecordsCount);
        Assert.Equal(1, stand.Log.SegmentCount);
        Assert.Equal(1, stand.Log.DeleteOldSegments(RecordsCount));
        Assert.Equal(0, stand.Log.SizeInBytes);
    }

    [Fact]
    public void A_reader_in_flight_finishes_and_the_files_go_after_their_delay()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 0, FileDeleteDelayMs = 500 });
        byte[] expected = stand.ReadAll()[0];
        ReadResult read = stand.Log.Read(0, 1, long.MaxValue, true);
        stand.Log.DeleteOldSegments(RecordsCount);
        string deleted = stand.LogPath(0, SegmentNames.Log) + SegmentNames.Deleted;
        Assert.True(stand.Simulation!.FileExists(deleted));
        Assert.False(stand.Simulation.FileExists(stand.LogPath(0, SegmentNames.Log)));
        stand.Directory.RemoveDueFiles();
        Assert.True(stand.Simulation.FileExists(deleted));
        stand.Clock.NowMs += 500;
        stand.Directory.RemoveDueFiles();
        Assert.False(stand.Simulation.FileExists(deleted));
        Assert.Equal(expected, LogStand.Take(read));
    }

    [Fact]
    public void A_crash_at_any_step_leaves_a_log_that_starts_where_its_segments_do()
    {
        int steps = 0;
        for (bool isDone = false; !isDone; steps++)
        {
            LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 800 });
            stand.Flush();
            stand.Directory.CheckpointRecoveryPoints();
            stand.Simulation!.StepsToCrash = steps;
            isDone = !Crashes(() => stand.Directory.DeleteOldSegments([new(LogStand.Partition, RecordsCount)]));
            stand.CutPower();
            Assert.True(RecordsCount == stand.Log.LogEndOffset, $"step {steps}");
            List<byte[]> batches = stand.ReadAll();
            Assert.True(stand.Log.LogStartOffset == BaseOf(batches[0]), $"step {steps}");
            Assert.True(RecordsCount - stand.Log.LogStartOffset == batches.Count, $"step {steps}");
        }
        Assert.InRange(steps, 10, 200);
    }

    [Fact]
    public void The_starts_of_many_logs_are_written_at_once()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 400 });
        List<PartitionLog> logs = [stand.Log];
        for (int i = 1; i < 5; i++)
        {
            logs.Add(stand.Directory.CreateOrOpen(new TopicPartition("more", i), LogStand.TopicId, stand.Config));
            for (int n = 0; n < RecordsCount; n++)
                logs[i].Append(TestBatches.Sequence(TestBatches.Make(1)), AppendOrigin.Client, 0);
        }
        List<string> checkpoints = [];
        stand.Simulation!.Fault = (call, path) =>
        {
            if (call == "rename" && path.Contains("checkpoint", StringComparison.Ordinal))
                checkpoints.Add(path);
            return 0;
        };
        Assert.InRange(stand.Directory.DeleteOldSegments(logs.Select(log => KeyValuePair.Create(log.Partition, log.LogEndOffset))), 10, 1000);
        Assert.All(logs, log => Assert.InRange(log.LogStartOffset, 1, RecordsCount));
        Assert.Single(checkpoints);
    }

    [Fact]
    public void A_log_cut_between_finding_and_removing_keeps_what_it_has()
    {
        LogStand stand = Write(new LogConfig { SegmentBytes = 400, RetentionBytes = 400 });
        RetentionPlan plan = stand.Log.FindOldSegments(RecordsCount)!.Value;
        stand.Log.TruncateTo(3);
        Assert.Equal(0, stand.Log.RemoveOldSegments(plan));
        Assert.Equal((0, 3), (stand.Log.LogStartOffset, stand.Log.LogEndOffset));
        stand.CutPower(survival: 0);
        Assert.Equal((0, 3), (stand.Log.LogStartOffset, stand.Log.LogEndOffset));
    }

    private LogStand Write(LogConfig config)
    {
        LogStand stand = new(config: config, logger: _logger);
        for (int i = 0; i < RecordsCount; i++)
            stand.MustAppend(TestBatches.Make(1, "v" + i, timestampMs: ManualClock.StartMs + i));
        Assert.True(stand.Log.SegmentCount > 5);
        _logger.Clear();
        return stand;
    }

    private static bool Crashes(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (SimulatedCrashException)
        {
            return true;
        }
    }

    private static long BaseOf(byte[] batch)
    {
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        return header.BaseOffset;
    }
}
