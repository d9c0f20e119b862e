using FastLog.Records;

namespace FastLog.Storage.Tests;

public sealed class ProducerStateTests
{
    private const long Producer = 4000;

    private static byte[] Batch(int sequence, int count = 1, short epoch = 0, long producer = Producer, bool isTransactional = false) =>
        TestBatches.Make(count, $"{sequence}", producerId: producer, producerEpoch: epoch, baseSequence: sequence, isTransactional: isTransactional);

    [Fact]
    public void The_last_five_batches_are_known_again_with_their_first_offsets()
    {
        LogStand stand = new();
        for (int i = 0; i < 7; i++)
            stand.MustAppend(Batch(i * 2, 2));
        for (int i = 0; i < 7; i++)
        {
            AppendResult again = stand.Append(Batch(i * 2, 2));
            if (i < 2)
            {
                Assert.Equal(AppendError.OutOfOrderSequenceNumber, again.Error);
                continue;
            }
            Assert.Equal((AppendError.None, true, i * 2, i * 2 + 1), (again.Error, again.IsDuplicate, again.BaseOffset, again.LastOffset));
        }
        Assert.Equal(14, stand.Log.LogEndOffset);
    }

    [Fact]
    public void Sequences_wrap_from_the_largest_int_to_zero()
    {
        LogStand stand = new();
        stand.MustAppend(Batch(int.MaxValue - 2, 2));
        stand.MustAppend(Batch(int.MaxValue, 3));
        stand.MustAppend(Batch(2, 1));
        Assert.True(stand.Append(Batch(int.MaxValue, 3)).IsDuplicate);
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, stand.Append(Batch(4)).Error);
    }

    [Fact]
    public void A_gap_an_older_epoch_and_a_new_epoch_not_at_zero_are_refused()
    {
        LogStand stand = new();
        stand.MustAppend(Batch(5, epoch: 3));
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, stand.Append(Batch(7, epoch: 3)).Error);
        Assert.Equal(AppendError.InvalidProducerEpoch, stand.Append(Batch(6, epoch: 2)).Error);
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, stand.Append(Batch(6, epoch: 4)).Error);
        stand.MustAppend(Batch(0, epoch: 4));
        Assert.Equal(AppendError.InvalidProducerEpoch, stand.Append(Batch(6, epoch: 3)).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Producers_are_known_after_a_reopen(bool isClean)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 400 });
        for (int i = 0; i < 10; i++)
            stand.MustAppend(Batch(i));
        if (isClean)
            await stand.RestartCleanly();
        else
            stand.Kill();
        AppendResult again = stand.Append(Batch(9));
        Assert.Equal((true, 9), (again.IsDuplicate, again.BaseOffset));
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, stand.Append(Batch(11)).Error);
        Assert.Equal(10, stand.MustAppend(Batch(10)).BaseOffset);
        ActiveProducer known = Assert.Single(stand.Log.ActiveProducers());
        Assert.Equal((Producer, (short)0, 10), (known.ProducerId, known.ProducerEpoch, known.LastSequence));
    }

    [Fact]
    public async Task A_broken_snapshot_is_replaced_by_a_replay()
    {
        LogStand stand = new();
        for (int i = 0; i < 4; i++)
            stand.MustAppend(Batch(i));
        await stand.Directory.DisposeAsync();
        stand.Simulation!.FlipBit(stand.LogPath(4, SegmentNames.Snapshot), 20, 3);
        stand.Start();
        Assert.True(stand.Append(Batch(3)).IsDuplicate);
    }

    [Fact]
    public void State_follows_a_truncation()
    {
        LogStand stand = new();
        for (int i = 0; i < 6; i++)
            stand.MustAppend(Batch(i));
        stand.Log.TruncateTo(4);
        Assert.True(stand.Append(Batch(3)).IsDuplicate);
        Assert.Equal(4, stand.MustAppend(Batch(4)).BaseOffset);
    }

    [Fact]
    public void A_refused_append_leaves_the_state_alone()
    {
        LogStand stand = new();
        stand.MustAppend(Batch(0));
        stand.Simulation!.CapacityBytes = stand.Simulation.UsedBytes();
        Assert.Equal(AppendError.NoSpace, stand.Append(Batch(1)).Error);
        stand.Simulation.CapacityBytes = long.MaxValue;
        AppendResult result = stand.MustAppend(Batch(1));
        Assert.False(result.IsDuplicate);
        Assert.Equal(1, result.BaseOffset);
    }

    [Fact]
    public async Task Open_transactions_are_tracked_and_survive_a_reopen()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(3));
        stand.MustAppend(Batch(0, 2, isTransactional: true));
        stand.MustAppend(Batch(0, 2, producer: 5000, isTransactional: true));
        Assert.Equal(3, stand.Log.FirstOpenTransactionOffset);
        Assert.Equal(AppendError.InvalidTransactionState, stand.Append(Batch(2)).Error);

        await stand.RestartCleanly();
        Assert.Equal(3, stand.Log.FirstOpenTransactionOffset);
        stand.MustAppend(TestBatches.MakeMarker(Producer, 0, committed: true, coordinatorEpoch: 12), AppendOrigin.Coordinator);
        Assert.Equal(5, stand.Log.FirstOpenTransactionOffset);
        stand.MustAppend(TestBatches.MakeMarker(5000, 0, committed: false, coordinatorEpoch: 13), AppendOrigin.Coordinator);
        Assert.Equal(-1, stand.Log.FirstOpenTransactionOffset);

        stand.Kill();
        Assert.Equal(-1, stand.Log.FirstOpenTransactionOffset);
        Assert.Equal([12, 13], stand.Log.ActiveProducers().Select(producer => producer.CoordinatorEpoch).Order());
    }

    [Fact]
    public void Idle_producers_are_forgotten_unless_a_transaction_is_open()
    {
        LogStand stand = new();
        stand.MustAppend(Batch(0));
        stand.MustAppend(Batch(0, producer: 5000, isTransactional: true));
        stand.Clock.NowMs += 1000;
        Assert.Equal(0, stand.Log.ExpireProducers(1001));
        Assert.Equal(1, stand.Log.ExpireProducers(1000));
        Assert.Equal(5000, Assert.Single(stand.Log.ActiveProducers()).ProducerId);
    }

    [Fact]
    public void A_snapshot_has_Kafkas_bytes()
    {
        ProducerStateTable table = new();
        RecordBatchHeader.TryRead(
            TestBatches.Make(10, timestampMs: 0x01a1fe2cf16a, producerId: 10, producerEpoch: 0, baseSequence: 60, baseOffset: 60),
            out RecordBatchHeader header);
        table.Append(header, marker: null);
        // As Apache Kafka 4.0 wrote it for such a producer.
        byte[] expected = Convert.FromHexString(
            "00015360cbb600000001000000000000000a000000000045000000000000004500000009000001a1fe2cf16affffffffffffffffffffffff");
        Assert.Equal(expected, ProducerSnapshot.Encode(table));
        ProducerStateTable read = new();
        Assert.True(ProducerSnapshot.TryDecode(expected, read));
        Assert.Equal(SequenceCheck.Duplicate, read.Check(header, out ProducerBatch duplicate));
        Assert.Equal(60, duplicate.FirstOffset);
    }

    [Fact]
    public void A_snapshot_with_any_bit_turned_or_byte_missing_is_refused()
    {
        ProducerStateTable table = new();
        RecordBatchHeader.TryRead(Batch(0), out RecordBatchHeader header);
        table.Append(header, marker: null);
        byte[] bytes = ProducerSnapshot.Encode(table);
        for (int i = 0; i < bytes.Length; i++)
        {
            Assert.False(ProducerSnapshot.TryDecode(bytes.AsSpan(0, i), new ProducerStateTable()));
            bytes[i] ^= 4;
            Assert.False(ProducerSnapshot.TryDecode(bytes, new ProducerStateTable()));
            bytes[i] ^= 4;
        }
    }
}
