using FastLog.Records;

namespace FastLog.Storage.Tests;

public sealed class RecoveryTests
{
    private static readonly LogConfig DenseIndex = new() { IndexIntervalBytes = 0 };

    // In the files the point stops at the roll, whose indexes are not synced yet. With the journal the checkpoint syncs all
    // that the log's files hold, and finds the record behind the roll there.
    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 4)]
    public async Task The_newest_timestamp_of_a_segment_survives_a_power_cut_right_after_a_roll(bool hasJournal, long end)
    {
        LogStand stand = new(
            config: new LogConfig { IndexIntervalBytes = 1, SegmentBytes = 500 }, options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(1, "a", ManualClock.StartMs));
        stand.MustAppend(TestBatches.Make(1, "b", ManualClock.StartMs + 1));
        await stand.RestartCleanly();
        stand.MustAppend(TestBatches.Make(1, "c", ManualClock.StartMs + 5000));
        stand.Flush();
        Assert.Equal((3, 1), (stand.Log.DurableEndOffset, stand.CommitsCount(hasJournal)));
        stand.MustAppend(TestBatches.Make(1, new string('d', 400)));
        Assert.Equal(2, stand.Log.SegmentCount);
        stand.Directory.CheckpointRecoveryPoints();
        Assert.Equal(3, stand.Log.RecoveryPoint);
        // The names may be on the disk before the flush that would see to it.
        stand.Files.SyncDirectory(stand.Log.DirectoryPath);
        stand.CutPower(survival: 0);
        Assert.Equal(end, stand.Log.LogEndOffset);
        Assert.Equal(ManualClock.StartMs + 5000, stand.Log.MaxTimestampMs);
    }

    // The name of a log made a moment before the kill was synced by nobody yet.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_process_left_counts_as_durable_only_with_the_name_of_its_log(bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(2));
        stand.Kill();
        Assert.Equal(2, stand.Log.DurableEndOffset);
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Fact]
    public void A_last_batch_cut_at_any_byte_is_gone_as_a_whole_and_nothing_else_is()
    {
        byte[] whole = WriteThree(out LogStand stand);
        int lastStart = whole.Length - TestBatches.Make(2, "last").Length;
        for (int length = lastStart; length <= whole.Length; length++)
        {
            stand.Simulation!.Kill();
            stand.Simulation.WriteAll(stand.LogPath(0, SegmentNames.Log), whole.AsSpan(0, length));
            stand.Start();
            bool isWhole = length == whole.Length;
            Assert.Equal(isWhole ? 6 : 4, stand.Log.LogEndOffset);
            Assert.Equal(isWhole ? 3 : 2, stand.ReadAll().Count);
            Assert.Equal(isWhole ? 0 : length - lastStart, stand.Log.RecoveryCutBytes);
            Assert.Equal(stand.Log.LogEndOffset, stand.Log.DurableEndOffset);
        }
    }

    [Fact]
    public void A_last_batch_with_any_byte_turned_is_gone_unless_the_byte_is_the_epoch_or_offset_that_no_crc_covers()
    {
        byte[] whole = WriteThree(out LogStand stand);
        int lastStart = whole.Length - TestBatches.Make(2, "last").Length;
        for (int position = lastStart; position < whole.Length; position++)
        {
            byte[] bent = whole.ToArray();
            bent[position] ^= 0x80;
            stand.Simulation!.Kill();
            stand.Simulation.WriteAll(stand.LogPath(0, SegmentNames.Log), bent);
            stand.Start();
            bool isEpoch = position - lastStart is >= RecordBatchHeader.PartitionLeaderEpochOffset and < RecordBatchHeader.MagicOffset;
            bool isLowOffset = position - lastStart is > 3 and < RecordBatchHeader.BatchLengthOffset;
            if (!isEpoch && !isLowOffset)
                Assert.Equal(4, stand.Log.LogEndOffset);
            else
                Assert.True(stand.Log.LogEndOffset >= 4);
            Assert.Equal(whole[..lastStart], stand.ReadAll()[..2].SelectMany(batch => batch));
        }
    }

    [Fact]
    public void Zeros_that_preallocation_left_behind_the_end_are_cut()
    {
        byte[] whole = WriteThree(out LogStand stand);
        stand.Simulation!.Kill();
        stand.Simulation.WriteAll(stand.LogPath(0, SegmentNames.Log), [.. whole, .. new byte[5000]]);
        stand.Start();
        Assert.Equal(6, stand.Log.LogEndOffset);
        Assert.Equal(whole.Length, stand.Simulation.ReadAll(stand.LogPath(0, SegmentNames.Log)).Length);
    }

    private static byte[] WriteThree(out LogStand stand)
    {
        stand = new LogStand(config: DenseIndex);
        stand.Append(1, "first");
        stand.Append(3, "second");
        stand.Append(2, "last");
        return stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Log));
    }

    [Theory]
    [InlineData(SegmentNames.Index)]
    [InlineData(SegmentNames.TimeIndex)]
    public async Task An_index_that_is_missing_after_a_clean_stop_is_rebuilt(string suffix)
    {
        LogStand stand = WriteSegments();
        await stand.Directory.DisposeAsync();
        byte[] before = stand.Simulation!.ReadAll(stand.LogPath(0, suffix));
        Assert.NotEmpty(before);
        stand.Simulation.DeleteFile(stand.LogPath(0, suffix));
        stand.Start();
        await stand.Directory.DisposeAsync();
        Assert.Equal(before, stand.Simulation.ReadAll(stand.LogPath(0, suffix)));
    }

    [Fact]
    public async Task An_index_whose_last_entry_points_nowhere_is_rebuilt()
    {
        LogStand stand = WriteSegments();
        await stand.Directory.DisposeAsync();
        string path = stand.LogPath(0, SegmentNames.Index);
        byte[] before = stand.Simulation!.ReadAll(path);
        byte[] bent = before.ToArray();
        bent[^4] = 0x7f;
        stand.Simulation.WriteAll(path, bent);
        stand.Start();
        Assert.Equal(40, stand.ReadAll().Count);
        await stand.Directory.DisposeAsync();
        Assert.Equal(before, stand.Simulation.ReadAll(path));
    }

    [Fact]
    public async Task Zero_tails_that_Kafka_leaves_on_indexes_are_no_entries()
    {
        LogStand stand = WriteSegments();
        await stand.Directory.DisposeAsync();
        long active = stand.Log.ActiveSegmentBaseOffset;
        foreach (string suffix in new[] { SegmentNames.Index, SegmentNames.TimeIndex })
        {
            string path = stand.LogPath(active, suffix);
            stand.Simulation!.WriteAll(path, [.. stand.Simulation.ReadAll(path), .. new byte[1200]]);
        }
        List<byte[]> expected = [];
        stand.Start();
        Assert.True(stand.Directory.WasCleanShutdown);
        expected.AddRange(stand.ReadAll());
        Assert.Equal(40, expected.Count);
        Assert.Equal(40, stand.Log.LogEndOffset);
        Assert.Equal(ManualClock.StartMs + 39, stand.Log.MaxTimestampOffset().TimestampMs);
    }

    [Fact]
    public void An_index_full_of_rubbish_does_not_mislead_recovery()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            LogStand stand = WriteSegments();
            byte[] rubbish = new byte[480];
            new Random(seed).NextBytes(rubbish);
            stand.Simulation!.Kill();
            stand.Simulation.WriteAll(stand.LogPath(stand.Log.ActiveSegmentBaseOffset, SegmentNames.Index), rubbish);
            stand.Simulation.WriteAll(stand.LogPath(stand.Log.ActiveSegmentBaseOffset, SegmentNames.TimeIndex), rubbish);
            stand.Start();
            Assert.True(stand.Log.LogEndOffset == 40, $"seed {seed}");
            Assert.True(stand.ReadAll().Count == 40, $"seed {seed}");
            for (int i = 0; i < 40; i++)
                Assert.Equal(new TimestampedOffset(i, ManualClock.StartMs + i, 0), stand.Log.OffsetForTimestamp(ManualClock.StartMs + i));
        }
    }

    private static LogStand WriteSegments()
    {
        LogStand stand = new(config: new LogConfig { IndexIntervalBytes = 0, SegmentBytes = 1200 });
        for (int i = 0; i < 40; i++)
            stand.MustAppend(TestBatches.Make(1, "v" + i, timestampMs: ManualClock.StartMs + i));
        Assert.True(stand.Log.SegmentCount > 2);
        return stand;
    }

    [Fact]
    public async Task A_clean_start_walks_over_no_more_than_the_last_index_entry_leaves_open()
    {
        LogStand stand = WriteSegments();
        await stand.RestartCleanly();
        Assert.True(stand.Directory.WasCleanShutdown);
        Assert.InRange(stand.Log.RecoveryScannedBytes, 0, 200);
        Assert.Equal(40, stand.Log.LogEndOffset);
    }

    [Fact]
    public void After_a_crash_only_what_lies_beyond_the_recovery_point_is_walked_over()
    {
        LogStand stand = WriteSegments();
        for (int i = 0; i < 400; i++)
            stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.MustAppend(TestBatches.Make(1, "late"));
        Assert.True(stand.Log.SizeInBytes > 30_000);
        stand.Kill();
        Assert.Equal(441, stand.Log.LogEndOffset);
        // The headers of the last segment for the producers, the last batches for their CRC.
        Assert.InRange(stand.Log.RecoveryScannedBytes, 1, 1600);
    }

    [Fact]
    public void Damage_below_the_recovery_point_is_reported_and_not_cut()
    {
        LogStand stand = WriteSegments();
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        long active = stand.Log.ActiveSegmentBaseOffset;
        byte[] bytes = stand.Simulation!.ReadAll(stand.LogPath(active, SegmentNames.Log));
        stand.Simulation.Kill();
        stand.Simulation.WriteAll(stand.LogPath(active, SegmentNames.Log), bytes.AsSpan(0, bytes.Length - 10));
        LogCorruptException failure = Assert.Throws<LogCorruptException>(stand.Start);
        Assert.EndsWith(".log", failure.Path, StringComparison.Ordinal);
        Assert.Equal(bytes.Length - 10, stand.Simulation.ReadAll(stand.LogPath(active, SegmentNames.Log)).Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00000000000000000000.log")]
    [InlineData("00000000000000000000.index")]
    [InlineData("00000000000000000000.timeindex")]
    [InlineData("partition.metadata.tmp")]
    [InlineData("leader-epoch-checkpoint.tmp")]
    [InlineData("0000000000000000000.log")]
    [InlineData("00000000000000000005.log.deleted")]
    [InlineData("00000000000000000005.log.cleaned")]
    public void What_a_crash_in_the_middle_of_a_create_leaves_is_opened(string name)
    {
        SimulatedFileSystem disk = new(1);
        string path = $"/data/{LogStand.Partition}";
        disk.CreateDirectory(path);
        if (name.Length > 0)
            disk.WriteAll(Path.Combine(path, name), []);
        LogStand stand = new(disk);
        Assert.Equal(0, stand.Log.LogEndOffset);
        stand.MustAppend(TestBatches.Make(2));
        Assert.Single(stand.ReadAll());
    }

    [Fact]
    public void A_swap_that_was_under_way_is_finished()
    {
        LogStand stand = WriteSegments();
        stand.Flush();
        long second = stand.Simulation!.ListFiles($"/data/{LogStand.Partition}")
            .Where(name => SegmentNames.TryParse(name, SegmentNames.Log, out long offset) && offset > 0)
            .Select(name => long.Parse(name[..20], System.Globalization.CultureInfo.InvariantCulture)).Min();
        // The first segment, compacted down to its last record.
        byte[] compacted = TestBatches.Make(1, "kept", baseOffset: second - 1, leaderEpoch: 0);
        stand.Simulation.Kill();
        stand.Simulation.WriteAll(stand.LogPath(0, SegmentNames.Log) + ".swap", compacted);
        stand.Start();
        Assert.Equal(compacted, stand.ReadAll()[0]);
        Assert.Equal(40, stand.Log.LogEndOffset);
        Assert.False(stand.Simulation.FileExists(stand.LogPath(0, SegmentNames.Log) + ".swap"));
    }

    [Fact]
    public async Task A_replica_of_a_compacted_log_with_a_gap_wider_than_a_segment_opens_again()
    {
        LogStand stand = new();
        long far = (1L << 31) + 50;
        stand.MustAppend(TestBatches.Make(2, baseOffset: 0), AppendOrigin.Replication);
        stand.MustAppend(TestBatches.Make(2, baseOffset: far), AppendOrigin.Replication);
        stand.Flush();
        await stand.RestartCleanly();
        Assert.Equal((0, far + 2, 2), (stand.Log.LogStartOffset, stand.Log.LogEndOffset, stand.ReadAll().Count));
        stand.Kill();
        Assert.Equal((0, far + 2, 2), (stand.Log.LogStartOffset, stand.Log.LogEndOffset, stand.ReadAll().Count));
    }
}
