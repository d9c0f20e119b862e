using FastLog.Records;

namespace FastLog.Storage.Tests;

public sealed class AppendTests
{
    [Fact]
    public void Offsets_are_given_in_order_and_the_stored_bytes_differ_in_offset_and_epoch_only()
    {
        LogStand stand = new();
        byte[] first = TestBatches.Make(3, "a");
        byte[] second = TestBatches.Make(2, "b");

        AppendResult one = stand.MustAppend(first, leaderEpoch: 7);
        AppendResult two = stand.MustAppend(second, leaderEpoch: 7);

        Assert.Equal((0, 2), (one.BaseOffset, one.LastOffset));
        Assert.Equal((3, 4), (two.BaseOffset, two.LastOffset));
        Assert.Equal(5, stand.Log.LogEndOffset);
        Assert.Equal(-1, two.LogAppendTimeMs);
        Assert.Equal([TestBatches.Stored(first, 0, 7), TestBatches.Stored(second, 3, 7)], stand.ReadAll());
    }

    [Fact]
    public void Nothing_is_durable_before_the_sync_returned()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(3));
        Assert.Equal(0, stand.Log.DurableEndOffset);
        stand.Flush();
        Assert.Equal(3, stand.Log.DurableEndOffset);
    }

    [Fact]
    public void With_loose_flush_settings_what_is_written_counts_at_once()
    {
        LogStand stand = new(config: new LogConfig { FlushMessages = long.MaxValue });
        stand.MustAppend(TestBatches.Make(3));
        Assert.Equal(3, stand.Log.DurableEndOffset);
        Assert.Equal(0, stand.Log.RecoveryPoint);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_messages_above_one_syncs_after_so_many_records(bool hasJournal)
    {
        LogStand stand = new(config: new LogConfig { FlushMessages = 5 }, options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(3));
        stand.Flush();
        Assert.Equal((0, 0), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.MustAppend(TestBatches.Make(2));
        stand.Flush();
        Assert.Equal((hasJournal ? 0 : 5, 1), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.CutPower(survival: 0);
        Assert.Equal(5, stand.Log.LogEndOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flush_ms_syncs_what_flush_messages_left(bool hasJournal)
    {
        LogStand stand = new(
            config: new LogConfig { FlushMessages = long.MaxValue, FlushMs = 1000 }, options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(3));
        stand.Flush();
        Assert.Equal((0, 0), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.Clock.NowMs += 1000;
        stand.Directory.FlushOverdue();
        stand.Flush();
        Assert.Equal((hasJournal ? 0 : 3, 1), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.CutPower(survival: 0);
        Assert.Equal(3, stand.Log.LogEndOffset);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(61)]
    [InlineData(62)]
    [InlineData(4096)]
    public void Where_the_pieces_of_a_batch_end_does_not_matter(int pieceBytes)
    {
        LogStand stand = new();
        byte[] batch = TestBatches.Make(20, "some text that makes the batch longer");
        AppendResult result = stand.Log.Append(TestBatches.InPieces(batch, pieceBytes), AppendOrigin.Client, 3);
        Assert.Equal(AppendError.None, result.Error);
        Assert.Equal([TestBatches.Stored(batch, 0, 3)], stand.ReadAll());
    }

    [Fact]
    public void Log_append_time_rewrites_the_header_and_its_crc()
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampType = TimestampType.LogAppendTime });
        stand.Clock.NowMs = ManualClock.StartMs + 5000;
        AppendResult result = stand.MustAppend(TestBatches.Make(3, timestampMs: 17));
        Assert.Equal(ManualClock.StartMs + 5000, result.LogAppendTimeMs);

        RecordBatchView view = new(stand.ReadAll()[0]);
        Assert.True(view.IsCrcValid);
        Assert.Equal(TimestampType.LogAppendTime, view.Header.TimestampType);
        foreach (RecordView record in view)
            Assert.Equal(ManualClock.StartMs + 5000, record.TimestampMs);
    }

    [Fact]
    public void A_header_whose_largest_timestamp_lies_is_put_right()
    {
        LogStand stand = new();
        byte[] batch = TestBatches.Make(2, timestampOf: i => ManualClock.StartMs + i);
        RecordBatchHeader.WriteMaxTimestampAndType(batch, ManualClock.StartMs + 1000, TimestampType.CreateTime);
        RecordBatchHeader.RecomputeCrc(batch);
        stand.MustAppend(batch);
        RecordBatchView view = new(stand.ReadAll()[0]);
        Assert.True(view.IsCrcValid);
        Assert.Equal(ManualClock.StartMs + 1, view.Header.MaxTimestamp);
    }

    public static TheoryData<string, AppendError> BadBatches => new()
    {
        { "empty", AppendError.CorruptMessage },
        { "short", AppendError.CorruptMessage },
        { "crc", AppendError.CorruptMessage },
        { "cut", AppendError.CorruptMessage },
        { "magic", AppendError.InvalidRecord },
        { "two", AppendError.InvalidRecord },
        { "baseOffset", AppendError.InvalidRecord },
        { "control", AppendError.InvalidRecord },
        { "count", AppendError.InvalidRecord },
        { "negativeSequence", AppendError.InvalidRecord },
        { "large", AppendError.MessageTooLarge },
        { "segment", AppendError.RecordListTooLarge },
        { "future", AppendError.InvalidTimestamp },
        { "past", AppendError.InvalidTimestamp },
        { "appendTime", AppendError.InvalidTimestamp },
        { "keyless", AppendError.InvalidRecord },
        { "codec", AppendError.UnsupportedCompressionType },
    };

    [Theory]
    [MemberData(nameof(BadBatches))]
    public void A_bad_batch_is_refused_and_nothing_changes(string kind, AppendError expected)
    {
        LogStand stand = new(config: new LogConfig
        {
            MaxMessageBytes = 2000,
            SegmentBytes = 1500,
            IsCompacted = kind == "keyless",
            MessageTimestampBeforeMaxMs = 1000,
        });
        AppendResult result = stand.Append(BadBatch(kind));
        Assert.Equal(expected, result.Error);
        Assert.Equal(-1, result.BaseOffset);
        Assert.NotNull(result.Message);
        int[] blamed = kind is "keyless" or "future" or "past" or "appendTime" ? [0, 1] : [];
        Assert.Equal(blamed, result.RecordErrors?.Select(error => error.RecordIndex) ?? []);
        Assert.Equal(0, stand.Log.LogEndOffset);
        Assert.Empty(stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Log)));
    }

    private static byte[] BadBatch(string kind)
    {
        byte[] good = TestBatches.Make(2);
        switch (kind)
        {
            case "empty":
                return [];
            case "short":
                return good[..60];
            case "cut":
                return good[..^1];
            case "crc":
                good[^1] ^= 1;
                return good;
            case "magic":
                good[RecordBatchHeader.MagicOffset] = 1;
                return good;
            case "two":
                return [.. good, .. good];
            case "baseOffset":
                return TestBatches.Make(2, baseOffset: 5);
            case "control":
                return TestBatches.MakeMarker(1, 0, committed: true, coordinatorEpoch: 0);
            case "count":
                return Patched(good, RecordBatchHeader.RecordsCountOffset + 3, 3);
            case "negativeSequence":
                return TestBatches.Make(2, producerId: 5, producerEpoch: 0, baseSequence: -1);
            case "large":
                return TestBatches.Make(1, new string('x', 2000));
            case "segment":
                return TestBatches.Make(1, new string('x', 1500));
            case "future":
                return TestBatches.Make(2, timestampMs: ManualClock.StartMs + 3600001);
            case "past":
                return TestBatches.Make(2, timestampMs: ManualClock.StartMs - 1001);
            case "appendTime":
                RecordBatchHeader.WriteMaxTimestampAndType(good, ManualClock.StartMs, TimestampType.LogAppendTime);
                RecordBatchHeader.RecomputeCrc(good);
                return good;
            case "keyless":
                return TestBatches.Make(2, hasKeys: false);
            case "codec":
                return Patched(good, RecordBatchHeader.AttributesOffset + 1, 7);
            default:
                throw new ArgumentException(kind);
        }
    }

    private static byte[] Patched(byte[] batch, int position, byte value)
    {
        batch[position] = value;
        RecordBatchHeader.RecomputeCrc(batch);
        return batch;
    }

    [Fact]
    public void Replicated_batches_keep_offsets_epochs_and_gaps()
    {
        LogStand stand = new();
        byte[] records =
        [
            .. TestBatches.Make(2, "a", baseOffset: 10, leaderEpoch: 1),
            .. TestBatches.Make(3, "b", baseOffset: 20, leaderEpoch: 2),
        ];
        byte[] withTornEnd = [.. records, .. TestBatches.Make(9, "c", baseOffset: 23)[..40]];
        AppendResult result = stand.MustAppend(withTornEnd, AppendOrigin.Replication);
        Assert.Equal((10, 22), (result.BaseOffset, result.LastOffset));
        Assert.Equal(23, stand.Log.LogEndOffset);
        Assert.Equal(records, stand.ReadAll().SelectMany(batch => batch));
        Assert.Equal([new EpochEntry(1, 10), new EpochEntry(2, 20)], stand.Log.EpochEntries());

        AppendResult backwards = stand.Append(TestBatches.Make(1, baseOffset: 22), AppendOrigin.Replication);
        Assert.Equal(AppendError.UnexpectedOffset, backwards.Error);
    }

    [Fact]
    public void Batches_of_this_process_are_numbered_and_written_together()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(4));
        byte[] records = [.. TestBatches.Make(2, "a"), .. TestBatches.Make(3, "b")];
        AppendResult result = stand.MustAppend(records, AppendOrigin.RaftLeader, leaderEpoch: 9);
        Assert.Equal((4, 8), (result.BaseOffset, result.LastOffset));
        Assert.Equal(
            [TestBatches.Stored(TestBatches.Make(2, "a"), 4, 9), TestBatches.Stored(TestBatches.Make(3, "b"), 6, 9)],
            stand.ReadAll(4));
    }

    [Fact]
    public void An_offset_too_far_for_the_segment_starts_a_new_one()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(2));
        stand.MustAppend(TestBatches.Make(2, baseOffset: 10_000_000_000), AppendOrigin.Replication);
        Assert.Equal(2, stand.Log.SegmentCount);
        Assert.Equal(10_000_000_000, stand.Log.ActiveSegmentBaseOffset);
        Assert.Equal(2, stand.ReadAll().Count);
    }

    [Fact]
    public void The_listener_hears_of_the_append_and_then_of_its_durability()
    {
        LogStand stand = new();
        Listener listener = new();
        stand.Log.Listener = listener;
        stand.MustAppend(TestBatches.Make(3));
        Assert.Equal(["appended 3"], listener.Heard);
        stand.Flush();
        Assert.Equal(["appended 3", "durable 3"], listener.Heard);
    }

    private sealed class Listener : ILogListener
    {
        public List<string> Heard { get; } = [];

        public void OnAppended(PartitionLog log, long logEndOffset) => Heard.Add($"appended {logEndOffset}");

        public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset) => Heard.Add($"durable {durableEndOffset}");

        public void OnFailed(PartitionLog log, Exception failure) => Heard.Add("failed");
    }
}
