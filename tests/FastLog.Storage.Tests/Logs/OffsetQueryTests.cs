using FastLog.Records;

namespace FastLog.Storage.Tests;

public sealed class OffsetQueryTests
{
    private sealed record Stamped(long Offset, long TimestampMs);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Lookups_by_time_agree_with_brute_force(int seed, bool isReopened)
    {
        Random random = new(seed);
        LogStand stand = new(config: new LogConfig { SegmentBytes = 2000, IndexIntervalBytes = 300 });
        List<Stamped> records = Fill(stand, random, batches: 150);
        long start = random.Next(60);
        stand.Log.AdvanceLogStart(start);
        if (isReopened)
            await stand.RestartCleanly();

        records.RemoveAll(record => record.Offset < start);
        for (long timestampMs = 0; timestampMs < 1100; timestampMs += 7)
        {
            Stamped? expected = records.Find(record => record.TimestampMs >= timestampMs);
            TimestampedOffset found = stand.Log.OffsetForTimestamp(timestampMs);
            Assert.True(
                found == (expected is null ? TimestampedOffset.None : new TimestampedOffset(expected.Offset, expected.TimestampMs, 2)),
                $"seed {seed}: {timestampMs} gave {found} where {expected} was due");
        }
        Stamped newest = records.MaxBy(record => record.TimestampMs)!;
        Assert.Equal(new TimestampedOffset(newest.Offset, newest.TimestampMs, 2), stand.Log.MaxTimestampOffset());
    }

    // Times wander up and down, so that batches overlap in time and segments do.
    private static List<Stamped> Fill(LogStand stand, Random random, int batches)
    {
        List<Stamped> records = [];
        for (int i = 0; i < batches; i++)
        {
            int count = 1 + random.Next(6);
            long[] times = [.. Enumerable.Range(0, count).Select(_ => (long)random.Next(i * 6, i * 6 + 200))];
            long offset = stand.Log.LogEndOffset;
            CompressionType compression = random.Next(3) == 0 ? CompressionType.Gzip : CompressionType.None;
            stand.MustAppend(TestBatches.Make(count, compression: compression, timestampOf: n => times[n]), leaderEpoch: 2);
            records.AddRange(times.Select((time, n) => new Stamped(offset + n, time)));
        }
        return records;
    }

    [Fact]
    public void With_log_append_time_a_lookup_gives_the_first_record_of_the_batch()
    {
        LogStand stand = new(config: new LogConfig { MessageTimestampType = TimestampType.LogAppendTime });
        stand.MustAppend(TestBatches.Make(3));
        stand.Clock.NowMs += 10;
        stand.MustAppend(TestBatches.Make(3));
        Assert.Equal(new TimestampedOffset(3, ManualClock.StartMs + 10, 0), stand.Log.OffsetForTimestamp(ManualClock.StartMs + 1));
    }

    [Fact]
    public void An_empty_log_has_no_times()
    {
        LogStand stand = new();
        Assert.Equal(TimestampedOffset.None, stand.Log.OffsetForTimestamp(0));
        Assert.Equal(TimestampedOffset.None, stand.Log.MaxTimestampOffset());
        Assert.Equal(-1, stand.Log.MaxTimestampMs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Epoch_ends_are_answered_as_Kafka_does_and_survive_a_reopen(bool isClean)
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(3), leaderEpoch: 2);
        stand.MustAppend(TestBatches.Make(4), leaderEpoch: 2);
        stand.MustAppend(TestBatches.Make(3), leaderEpoch: 5);
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.MustAppend(TestBatches.Make(1), leaderEpoch: 9);
        if (isClean)
            await stand.RestartCleanly();
        else
            stand.Kill();

        Assert.Equal(9, stand.Log.LatestEpoch);
        Assert.Equal(EpochEndOffset.Undefined, stand.Log.EndOffsetForEpoch(-1));
        Assert.Equal(EpochEndOffset.Undefined, stand.Log.EndOffsetForEpoch(10));
        Assert.Equal(new EpochEndOffset(9, 11), stand.Log.EndOffsetForEpoch(9));
        Assert.Equal(new EpochEndOffset(5, 10), stand.Log.EndOffsetForEpoch(7));
        Assert.Equal(new EpochEndOffset(5, 10), stand.Log.EndOffsetForEpoch(5));
        Assert.Equal(new EpochEndOffset(2, 7), stand.Log.EndOffsetForEpoch(4));
        Assert.Equal(new EpochEndOffset(1, 0), stand.Log.EndOffsetForEpoch(1));
        Assert.Equal((2, 5, 9), (stand.Log.EpochOf(6), stand.Log.EpochOf(7), stand.Log.EpochOf(10)));
    }

    [Fact]
    public void Epochs_follow_cuts_at_both_ends()
    {
        LogStand stand = new();
        foreach (int epoch in new[] { 1, 2, 3 })
            stand.MustAppend(TestBatches.Make(10), leaderEpoch: epoch);
        stand.Log.TruncateTo(20);
        Assert.Equal([new EpochEntry(1, 0), new EpochEntry(2, 10)], stand.Log.EpochEntries());
        stand.Log.AdvanceLogStart(15);
        Assert.Equal([new EpochEntry(2, 15)], stand.Log.EpochEntries());
        stand.Log.AssignEpoch(7, 20);
        Assert.Equal(7, stand.Log.LatestEpoch);
    }
}
