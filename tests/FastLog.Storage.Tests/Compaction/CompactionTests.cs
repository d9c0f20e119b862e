using System.Text;
using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>Cleanings one by one: what stays, what goes and when, and what happens when the disk does not play along.</summary>
public sealed class CompactionTests
{
    private const long Retention = 1000;

    private static LogStand Stand(LogConfig? config = null) =>
        new(config: (config ?? new LogConfig()) with { IsCompacted = true, DeleteRetentionMs = Retention });

    private static void Seal(LogStand stand)
    {
        stand.Log.Roll();
        stand.Flush();
    }

    private static CleanerRun Clean(LogStand stand, CleanerOptions? options = null) =>
        stand.Directory.Clean(stand.Log, long.MaxValue, options);

    private static string Text(LogStand stand) => string.Join(
        " ", CompactionRecords.Of(stand.ReadAll()).Select(record => record.IsControl ? $"{record.Offset}:marker" : $"{record.Offset}:{record.Key}={record.Value ?? "-"}"));

    private static byte[] LogBytes(LogStand stand, long baseOffset = 0) => stand.Simulation!.ReadAll(stand.LogPath(baseOffset, SegmentNames.Log));

    [Fact]
    public void Batches_whose_records_all_stay_keep_every_byte()
    {
        LogStand stand = Stand();
        foreach (CompressionType codec in CompactionHistory.Codecs)
            stand.MustAppend(CompactionRecords.Batch([($"a{codec}", "1"), ($"b{codec}", "2")], codec, producerId: 7 + (int)codec, baseSequence: 0));
        Seal(stand);
        byte[] before = LogBytes(stand);
        CleanerRun run = Clean(stand);
        Assert.Equal((CleanerOutcome.Cleaned, stand.Log.LogEndOffset, CompactionHistory.Codecs.Length * 2), (run.Outcome, run.EndOffset, run.KeysCount));
        Assert.Equal(before, LogBytes(stand));
        Assert.DoesNotContain(stand.Files.ListFiles(Path.GetDirectoryName(stand.LogPath(0, ""))!), name => name.Contains(".deleted", StringComparison.Ordinal));
        Assert.Equal(CleanerOutcome.NothingToClean, Clean(stand).Outcome);
    }

    [Theory]
    [InlineData(TimestampType.CreateTime)]
    [InlineData(TimestampType.LogAppendTime)]
    public void A_thinned_batch_keeps_its_offsets_sequences_timestamps_epoch_codec_and_headers(TimestampType type)
    {
        LogStand stand = Stand(new LogConfig { MessageTimestampType = type });
        stand.Append(CompactionRecords.Batch([("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")], CompressionType.Gzip, producerId: 7, baseSequence: 0), leaderEpoch: 4);
        stand.Append(CompactionRecords.Batch("b", "6"), leaderEpoch: 4);
        Seal(stand);
        List<StoredRecord> before = CompactionRecords.Of(stand.ReadAll());
        RecordBatchHeader.TryRead(LogBytes(stand), out RecordBatchHeader old);
        Clean(stand);
        Assert.Equal("2:a=3 3:c=4 5:b=6", Text(stand));
        Assert.Equal(before.Where(record => record.Offset is 2 or 3 or 5).Select(record => record.TimestampMs), CompactionRecords.Of(stand.ReadAll()).Select(record => record.TimestampMs));
        RecordBatchHeader.TryRead(LogBytes(stand), out RecordBatchHeader header);
        long maxTimestampMs = type == TimestampType.CreateTime ? ManualClock.StartMs + 3 : old.MaxTimestamp;
        Assert.Equal(
            old with { BatchLength = header.BatchLength, Crc = header.Crc, RecordsCount = 2, BaseTimestamp = header.BaseTimestamp, MaxTimestamp = maxTimestampMs },
            header);
        Assert.True(stand.Append(CompactionRecords.Batch([("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")], CompressionType.Gzip, producerId: 7, baseSequence: 0)).IsDuplicate);
    }

    [Fact]
    public void Tombstones_get_a_horizon_at_their_first_cleaning_and_go_at_the_first_one_past_it()
    {
        LogStand stand = Stand();
        stand.MustAppend(CompactionRecords.Batch([("a", "1"), ("b", "2")]));
        stand.MustAppend(CompactionRecords.Batch("a", null));
        Seal(stand);
        Clean(stand);
        Assert.Equal("1:b=2 2:a=-", Text(stand));
        RecordBatchHeader.TryRead(stand.ReadAll()[1], out RecordBatchHeader header);
        Assert.Equal((true, ManualClock.StartMs + Retention), (header.HasDeleteHorizon, header.BaseTimestamp));
        Assert.Equal(ManualClock.StartMs, CompactionRecords.Of(stand.ReadAll())[1].TimestampMs);

        stand.Clock.NowMs += Retention - 1;
        Dirty(stand, "c");
        Clean(stand);
        Assert.Equal("1:b=2 2:a=- 3:c=x", Text(stand));
        stand.Clock.NowMs += 1;
        Dirty(stand, "d");
        Clean(stand);
        Assert.Equal("1:b=2 3:c=x 4:d=x", Text(stand));
    }

    private static void Dirty(LogStand stand, string key)
    {
        stand.MustAppend(CompactionRecords.Batch([(key, "x")], timestampMs: stand.Clock.NowMs));
        Seal(stand);
    }

    [Fact]
    public void Aborted_records_go_at_once_and_markers_when_nothing_of_their_transaction_is_left_and_their_time_is_past()
    {
        LogStand stand = Stand();
        stand.MustAppend(CompactionRecords.Batch([("a", "1")], producerId: 100, baseSequence: 0, isTransactional: true)); // 0
        stand.MustAppend(TestBatches.MakeMarker(100, 0, committed: false, coordinatorEpoch: 1), AppendOrigin.Coordinator); // 1
        stand.MustAppend(CompactionRecords.Batch([("a", "2")], producerId: 100, baseSequence: 1, isTransactional: true)); // 2
        stand.MustAppend(TestBatches.MakeMarker(100, 0, committed: true, coordinatorEpoch: 1), AppendOrigin.Coordinator); // 3
        stand.MustAppend(CompactionRecords.Batch([("b", "3")], producerId: 100, baseSequence: 2, isTransactional: true)); // 4
        stand.MustAppend(TestBatches.MakeMarker(100, 0, committed: true, coordinatorEpoch: 1), AppendOrigin.Coordinator); // 5
        Seal(stand);
        string transactions = stand.LogPath(0, SegmentNames.TransactionIndex);
        Clean(stand);
        Assert.Equal("1:marker 2:a=2 3:marker 4:b=3 5:marker", Text(stand));
        Assert.Equal(34, stand.Simulation!.ReadAll(transactions).Length);
        Dirty(stand, "a");
        Clean(stand);
        // Of the first transaction nothing came by this time, so its marker waits for its horizon only; of the second
        // something still did.
        Assert.Equal("1:marker 3:marker 4:b=3 5:marker 6:a=x", Text(stand));
        Assert.False(stand.Files.FileExists(transactions));
        stand.Clock.NowMs += Retention;
        Dirty(stand, "c");
        Clean(stand);
        Assert.Equal("3:marker 4:b=3 5:marker 6:a=x 7:c=x", Text(stand));
        stand.Clock.NowMs += Retention;
        Dirty(stand, "d");
        Clean(stand);
        Assert.Equal("4:b=3 5:marker 6:a=x 7:c=x 8:d=x", Text(stand));
    }

    [Fact]
    public void Nothing_at_or_beyond_an_open_transaction_or_the_high_watermark_is_touched()
    {
        LogStand stand = Stand(new LogConfig { SegmentBytes = 200 });
        for (int i = 0; i < 6; i++)
            stand.MustAppend(CompactionRecords.Batch("a", $"{i}"));
        stand.MustAppend(CompactionRecords.Batch([("t", "1")], producerId: 100, baseSequence: 0, isTransactional: true)); // 6
        for (int i = 7; i < 14; i++)
            stand.MustAppend(CompactionRecords.Batch("a", $"{i}"));
        Assert.Equal(CleanerOutcome.NothingToClean, Clean(stand).Outcome); // nothing is durable yet
        Seal(stand);
        CleanerRun run = Clean(stand);
        Assert.Equal(6, run.EndOffset);
        Assert.StartsWith("5:a=5 6:t=1 7:a=7 8:a=8", Text(stand), StringComparison.Ordinal);
        Assert.Equal(CleanerOutcome.NothingToClean, stand.Directory.Clean(stand.Log, 3).Outcome);
    }

    [Fact]
    public void A_full_map_cleans_up_to_where_it_got_and_the_next_cleaning_goes_on_there()
    {
        LogStand stand = Stand();
        for (int i = 0; i < 30; i++)
            stand.MustAppend(CompactionRecords.Batch([($"k{i % 10}", $"{i}"), ($"u{i}", "x")]));
        Seal(stand);
        CleanerOptions tiny = new() { DedupeBufferBytes = KeyOffsetMap.SlotBytes * 10, LoadFactor = 0.8 };
        long end = 0;
        int rounds = 0;
        for (; end < stand.Log.LogEndOffset; rounds++)
        {
            CleanerRun run = Clean(stand, tiny);
            Assert.Equal(end, run.FirstDirtyOffset);
            Assert.True(run.EndOffset > end && run.KeysCount == 8 || run.EndOffset == stand.Log.LogEndOffset);
            end = run.EndOffset;
        }
        Assert.True(rounds > 4);
        Assert.Equal(40, CompactionRecords.Of(stand.ReadAll()).Count);
    }

    [Fact]
    public void The_checkpoint_is_Kafkas_and_falls_back_with_a_cut()
    {
        LogStand stand = Stand();
        for (int i = 0; i < 5; i++)
            stand.MustAppend(CompactionRecords.Batch("a", $"{i}"));
        Seal(stand);
        Clean(stand);
        string path = Path.Combine(stand.RootPath, "cleaner-offset-checkpoint");
        Assert.Equal("0\n1\norders 0 5\n", Encoding.UTF8.GetString(stand.Simulation!.ReadAll(path)));
        stand.Log.TruncateTo(2);
        // Below offset 4 compaction left nothing that the log could end with.
        Assert.Equal("0\n1\norders 0 0\n", Encoding.UTF8.GetString(stand.Simulation.ReadAll(path)));
    }

    [Fact]
    public void A_log_that_is_compacted_and_deleted_has_both_and_a_moved_start_is_respected()
    {
        LogStand stand = Stand(new LogConfig { IsDeleted = true, RetentionMs = 5000, SegmentBytes = 200 });
        for (int i = 0; i < 12; i++)
            stand.MustAppend(CompactionRecords.Batch([($"k{i % 3}", $"{i}")], timestampMs: ManualClock.StartMs + i * 1000));
        Seal(stand);
        stand.Log.AdvanceLogStart(3);
        Assert.Equal(3, Clean(stand).FirstDirtyOffset);
        Assert.Equal("9:k0=9 10:k1=10 11:k2=11", Text(stand));
        stand.Clock.NowMs += 17_500;
        Dirty(stand, "new");
        Assert.True(stand.Log.DeleteOldSegments(stand.Log.LogEndOffset) > 0);
        Clean(stand);
        Assert.Equal("12:new=x", Text(stand));
        stand.Kill();
        Assert.Equal("12:new=x", Text(stand));
    }

    [Fact]
    public void Readers_in_flight_keep_the_old_file_and_no_file_stays_open_for_nobody()
    {
        LogStand stand = Stand();
        for (int i = 0; i < 5; i++)
            stand.MustAppend(CompactionRecords.Batch("a", $"{i}"));
        Seal(stand);
        byte[] before = LogBytes(stand);
        ReadResult read = stand.Log.Read(0, int.MaxValue, long.MaxValue, atLeastOneBatch: true);
        Clean(stand);
        Assert.Equal("4:a=4", Text(stand));
        Assert.Equal(before, LogStand.Take(read));
        stand.Clock.NowMs += 100_000;
        stand.Directory.RemoveDueFiles();
        int open = stand.Simulation!.OpenFilesCount;
        for (int i = 0; i < 5; i++)
        {
            Dirty(stand, "a");
            Clean(stand);
        }
        Assert.InRange(stand.Simulation.OpenFilesCount, 0, open + 10);
    }

    [Fact]
    public void A_full_disk_leaves_the_log_as_it_was_and_a_later_try_succeeds()
    {
        LogStand stand = Stand();
        for (int i = 0; i < 20; i++)
            stand.MustAppend(CompactionRecords.Batch([($"k{i % 9}", new string('x', 100)), ("a", "1")]));
        Seal(stand);
        string directory = Path.GetDirectoryName(stand.LogPath(0, ""))!;
        List<byte[]> before = stand.ReadAll();
        string[] names = [.. stand.Files.ListFiles(directory).Order()];
        for (int spare = 0; spare < 2000; spare += 100)
        {
            stand.Simulation!.CapacityBytes = stand.Simulation.UsedBytes() + spare;
            DiskException? failure = null;
            try
            {
                Clean(stand);
                Assert.True(spare > 1000);
                break;
            }
            catch (DiskException full)
            {
                failure = full;
            }
            finally
            {
                stand.Simulation.CapacityBytes = long.MaxValue;
            }
            Assert.True(failure.IsOutOfSpace && !stand.Directory.IsOffline);
            Assert.Equal(before, stand.ReadAll());
            Assert.Equal(names, stand.Files.ListFiles(directory).Order());
        }
        Clean(stand);
        Assert.Equal(10, CompactionRecords.Of(stand.ReadAll()).Count);
    }

    [Fact]
    public void A_failed_step_takes_the_directory_offline_and_the_next_start_puts_things_right()
    {
        for (int failing = 0; ; failing++)
        {
            LogStand stand = Stand();
            for (int i = 0; i < 20; i++)
                stand.MustAppend(CompactionRecords.Batch([($"k{i % 9}", $"{i}"), ("a", "1")]));
            Seal(stand);
            int left = failing;
            stand.Simulation!.Fault = (call, _) => call != "pread" && left-- == 0 ? DiskException.InputOutputError : 0;
            bool failed = false;
            try
            {
                Clean(stand);
            }
            catch (DiskException)
            {
                failed = true;
            }
            stand.Simulation.Fault = null;
            Assert.Equal(failed, stand.Directory.IsOffline);
            stand.Kill();
            Clean(stand);
            Assert.Equal(10, CompactionRecords.Of(stand.ReadAll()).Count);
            if (!failed)
                break;
        }
    }

    [Fact]
    public void A_log_cut_or_deleted_under_way_stays_what_it_became()
    {
        foreach (bool isDeleted in new[] { false, true })
        {
            LogStand stand = Stand();
            for (int i = 0; i < 20; i++)
                stand.MustAppend(CompactionRecords.Batch([($"k{i % 9}", $"{i}"), ("a", "1")]));
            Seal(stand);
            Func<bool> isDone = stand.OnFirst("pwrite", ".log.cleaned", isDeleted ? stand.Delete : () => stand.Log.TruncateTo(10));
            CleanerRun run = Clean(stand);
            Assert.Equal((CleanerOutcome.LogChanged, true), (run.Outcome, isDone()));
            Assert.False(stand.Directory.IsOffline);
            if (isDeleted)
                continue;
            Assert.Equal(10, stand.Log.LogEndOffset);
            Assert.Equal(10, CompactionRecords.Of(stand.ReadAll()).Count);
            Assert.DoesNotContain(stand.Files.ListFiles(Path.GetDirectoryName(stand.LogPath(0, ""))!), name => name.Contains(".cleaned", StringComparison.Ordinal));
        }
    }
}
