using FastLog.Records;

namespace FastLog.Storage.Tests.Logs;

/// <summary>What a topic asks of every record: all that are to blame are named, and nothing is stored.</summary>
public sealed class RecordRuleTests
{
    private const long Now = ManualClock.StartMs;

    [Fact]
    public void Every_record_outside_the_timestamp_window_is_named()
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampBeforeMaxMs = 1000, MessageTimestampAfterMaxMs = 500 });
        long[] timestamps = [Now - 1001, Now - 1000, Now + 501, Now + 500, -1, -2];
        AppendResult result = stand.Append(TestBatches.Make(timestamps.Length, timestampOf: i => timestamps[i]));
        Assert.Equal(AppendError.InvalidTimestamp, result.Error);
        Assert.Equal([0, 2, 5], result.RecordErrors!.Select(error => error.RecordIndex));
        Assert.Equal("One or more records have been rejected due to invalid timestamp", result.Message);
        Assert.Equal(
            $"Timestamp {Now + 501} of message with offset 2 is out of range. The timestamp should be within [{Now - 1000}, {Now + 500}]",
            result.RecordErrors![1].Message);
        Assert.Equal(0, stand.Log.LogEndOffset);
    }

    [Fact]
    public void A_record_without_timestamp_does_not_hide_one_that_is_too_old()
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampBeforeMaxMs = 1000 });
        AppendResult result = stand.Append(TestBatches.Make(2, timestampOf: i => i == 0 ? -1 : 5));
        Assert.Equal(AppendError.InvalidTimestamp, result.Error);
        Assert.Equal([1], result.RecordErrors!.Select(error => error.RecordIndex));
    }

    [Fact]
    public void Records_without_timestamps_are_taken_and_stay_without()
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampBeforeMaxMs = 1000 });
        byte[] batch = TestBatches.Make(2, timestampMs: -1);
        stand.MustAppend(batch);
        Assert.Equal([TestBatches.Stored(batch, 0, 0)], stand.ReadAll());
    }

    [Fact]
    public void Without_a_lower_bound_any_old_timestamp_is_taken()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(2, timestampOf: i => i));
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Fact]
    public void Where_the_log_stamps_the_producers_timestamps_do_not_matter()
    {
        LogStand stand = new(config: new LogConfig
        {
            MessageTimestampType = TimestampType.LogAppendTime,
            MessageTimestampBeforeMaxMs = 1,
            MessageTimestampAfterMaxMs = 1,
        });
        AppendResult result = stand.MustAppend(TestBatches.Make(2, timestampMs: 17));
        Assert.Equal(Now, result.LogAppendTimeMs);
    }

    [Theory]
    [InlineData(TimestampType.CreateTime)]
    [InlineData(TimestampType.LogAppendTime)]
    public void A_producer_does_not_set_the_type_log_append_time(TimestampType topicType)
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampType = topicType });
        byte[] batch = TestBatches.Make(3);
        RecordBatchHeader.WriteMaxTimestampAndType(batch, Now, TimestampType.LogAppendTime);
        RecordBatchHeader.RecomputeCrc(batch);
        AppendResult result = stand.Append(batch);
        Assert.Equal(AppendError.InvalidTimestamp, result.Error);
        Assert.Equal([0, 1, 2], result.RecordErrors!.Select(error => error.RecordIndex));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Snappy)]
    public void Every_record_without_key_is_named_in_a_compacted_topic(CompressionType compression)
    {
        LogStand stand = new(config: new LogConfig { IsCompacted = true });
        AppendResult result = stand.Append(TestBatches.Make(3, hasKeys: false, compression: compression));
        Assert.Equal(AppendError.InvalidRecord, result.Error);
        Assert.Equal([0, 1, 2], result.RecordErrors!.Select(error => error.RecordIndex));
    }

    [Fact]
    public void A_bad_timestamp_beside_missing_keys_decides_the_batchs_error()
    {
        LogStand stand = new(config: new LogConfig { IsCompacted = true, MessageTimestampBeforeMaxMs = 1000 });
        using RecordBatchBuilder builder = new();
        builder.Begin();
        builder.TryAppend(Now, default, keyIsNull: true, default, valueIsNull: true);
        builder.TryAppend(5, "k"u8, "v"u8);
        AppendResult result = stand.Append(builder.Build().ToArray());
        Assert.Equal(AppendError.InvalidTimestamp, result.Error);
        Assert.Equal([0, 1], result.RecordErrors!.Select(error => error.RecordIndex));
        Assert.StartsWith("Compacted topic cannot accept message without key", result.RecordErrors![0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_more_records_are_named_than_an_answer_can_hold()
    {
        LogStand stand = new(config: new LogConfig { IsCompacted = true });
        AppendResult result = stand.Append(TestBatches.Make(RecordFault.ListedMax + 5, hasKeys: false, compression: CompressionType.Gzip));
        Assert.Equal(AppendError.InvalidRecord, result.Error);
        Assert.Equal(RecordFault.ListedMax, result.RecordErrors!.Count);
    }

    [Fact]
    public void A_batch_refused_for_its_records_leaves_its_sequence_free()
    {
        LogStand stand = new(config: new LogConfig { IsCompacted = true });
        Assert.Equal(
            AppendError.InvalidRecord,
            stand.Append(TestBatches.Make(2, hasKeys: false, producerId: 9, producerEpoch: 0, baseSequence: 0)).Error);
        stand.MustAppend(TestBatches.Make(2, producerId: 9, producerEpoch: 0, baseSequence: 0));
    }
}
