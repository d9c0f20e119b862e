namespace FastLog.Storage.Tests;

/// <summary>What a producer sends again after a crash is recognised, also when a new segment had just begun.</summary>
public sealed class ProducerReplayTests
{
    private const long Producer = 4000;

    private static byte[] Batch(int sequence) =>
        TestBatches.Make(text: $"{sequence}", producerId: Producer, producerEpoch: 0, baseSequence: sequence);

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(17)]
    public void Five_batches_in_flight_are_known_again_after_a_kill_right_behind_a_roll(int batches)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 500 });
        for (int sequence = 0; sequence < batches; sequence++)
            stand.MustAppend(Batch(sequence));

        stand.Kill();

        for (int sequence = batches - 5; sequence < batches; sequence++)
        {
            AppendResult again = stand.Append(Batch(sequence));
            Assert.Equal((AppendError.None, true, (long)sequence), (again.Error, again.IsDuplicate, again.BaseOffset));
        }
        Assert.Equal(batches, stand.MustAppend(Batch(batches)).BaseOffset);
    }

    [Fact]
    public void A_log_whose_beginning_is_gone_keeps_what_its_newest_snapshot_tells()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 500 });
        for (int sequence = 0; sequence < 13; sequence++)
            stand.MustAppend(Batch(sequence));
        stand.Flush();
        stand.Log.AdvanceLogStart(12);

        stand.Kill();

        Assert.True(stand.Append(Batch(12)).IsDuplicate);
        Assert.Equal(13, stand.MustAppend(Batch(13)).BaseOffset);
    }
}
