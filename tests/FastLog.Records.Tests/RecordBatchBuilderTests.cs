namespace FastLog.Records.Tests;

public class RecordBatchBuilderTests
{
    [Fact]
    public void Random_records_come_back_in_every_codec() =>
        Seeded.Run(40, random =>
        {
            foreach (CompressionType codec in TestBatch.Codecs)
            {
                (byte[] batch, List<TestRecord> records) = TestBatch.Random(random, codec);
                RecordBatchHeader header = TestBatch.Header(batch);
                Assert.Equal((codec, records.Count, batch.Length), (header.CompressionType, header.RecordsCount, header.TotalSizeInBytes));
                Assert.Equal(records.Max(r => r.TimestampMs), header.MaxTimestamp);
                Assert.Equal(records[0].TimestampMs, header.BaseTimestamp);
                Assert.True(new RecordBatchView(batch).IsCrcValid);
                Assert.Equal(records.Select(r => r.Text), TestRecord.ReadAll(batch).Select(r => r.Text));
            }
        });

    [Fact]
    public void A_builder_used_again_keeps_nothing_of_the_batch_before()
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(100, CompressionType.Lz4, producerId: 5, producerEpoch: 1, baseSequence: 9, isTransactional: true, partitionLeaderEpoch: 3);
        builder.TryAppend(1000, [1], new byte[5000]);
        builder.Build();
        builder.Begin();
        builder.TryAppend(7, default, keyIsNull: true, default, valueIsNull: true);
        byte[] batch = builder.Build().ToArray();
        Assert.Equal(
            new RecordBatchHeader
            {
                BatchLength = 61 - 12 + 7,
                PartitionLeaderEpoch = -1,
                Magic = 2,
                Crc = TestBatch.Header(batch).Crc,
                BaseTimestamp = 7,
                MaxTimestamp = 7,
                ProducerId = -1,
                ProducerEpoch = -1,
                BaseSequence = -1,
                RecordsCount = 1,
            },
            TestBatch.Header(batch));
        Assert.Equal("0 7 null null", Assert.Single(TestRecord.ReadAll(batch)).Text);
    }

    [Fact]
    public void Transactional_fields_and_append_time_go_into_the_header()
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(
            12, CompressionType.None, TimestampType.LogAppendTime, logAppendTimeMs: 999, producerId: 4, producerEpoch: 2,
            baseSequence: 6, isTransactional: true, partitionLeaderEpoch: 8);
        builder.TryAppend(10, [1], [1]);
        builder.TryAppend(5000, [1], [1]);
        byte[] batch = builder.Build().ToArray();
        RecordBatchHeader header = TestBatch.Header(batch);
        Assert.Equal((4L, (short)2, 6, 7, 8), (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LastSequence, header.PartitionLeaderEpoch));
        Assert.True(header.IsTransactional);
        Assert.Equal((TimestampType.LogAppendTime, 999), (header.TimestampType, header.MaxTimestamp));
        Assert.All(TestRecord.ReadAll(batch), r => Assert.Equal(999, r.TimestampMs));
    }

    [Fact]
    public void A_full_batch_refuses_and_stays_as_it_was()
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(sizeMaxBytes: 300);
        Assert.True(builder.TryAppend(1, [], new byte[1000])); // The first is taken whatever its size.
        Assert.False(builder.TryAppend(2, [], []));
        builder.Begin(sizeMaxBytes: 300);
        int taken = 0;
        while (builder.TryAppend(taken, [1, 2], new byte[20]))
        {
            taken++;
            Assert.InRange(builder.EstimatedSizeInBytes, 61, 300);
        }

        Assert.Equal(taken, builder.RecordsCount);
        byte[] batch = builder.Build().ToArray();
        Assert.InRange(batch.Length, 250, 300);
        Assert.Equal(taken, TestRecord.ReadAll(batch).Count);
    }

    [Fact]
    public void Records_of_another_batch_are_copied_with_their_offsets_as_compaction_does()
    {
        using RecordBatchBuilder source = new();
        source.Begin(1000);
        for (int i = 0; i < 10; i++)
        {
            RecordHeader[] headers = i % 2 == 0 ? [new RecordHeader(new byte[] { 1 })] : [];
            source.TryAppend(500 - i, [(byte)i], keyIsNull: false, [9, 9], valueIsNull: false, headers);
        }

        byte[] before = source.Build().ToArray();
        using RecordBatchBuilder kept = new();
        kept.Begin(1000, CompressionType.Snappy, deleteHorizonMs: 600, lastOffsetDelta: 9);
        foreach (RecordView record in new RecordBatchView(before))
        {
            if (record.OffsetDelta is 2 or 3 or 7)
            {
                Assert.True(kept.TryAppend(record));
            }
        }

        byte[] after = kept.Build().ToArray();
        RecordBatchHeader header = TestBatch.Header(after);
        Assert.Equal((1000, 1009, 3, 600, 498), (header.BaseOffset, header.LastOffset, header.RecordsCount, header.BaseTimestamp, header.MaxTimestamp));
        Assert.True(header.HasDeleteHorizon);
        List<TestRecord> all = TestRecord.ReadAll(before);
        Assert.Equal([all[2].Text, all[3].Text, all[7].Text], TestRecord.ReadAll(after).Select(r => r.Text));
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using RecordBatchBuilder builder = new();
        Assert.Throws<InvalidOperationException>(() => builder.TryAppend(1, [], []));
        builder.Begin();
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Throws<InvalidOperationException>(() => builder.AppendControl(1, ControlRecordType.Commit, []));
        builder.TryAppendAt(4, 1, [], keyIsNull: true, [], valueIsNull: true);
        Assert.Throws<InvalidOperationException>(() => builder.TryAppendAt(4, 1, [], keyIsNull: true, [], valueIsNull: true));
        builder.Build();
        Assert.Throws<InvalidOperationException>(() => builder.Build());
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Begin(compression: (CompressionType)5));
    }

    [Fact]
    public void The_commit_marker_is_the_one_Kafka_writes()
    {
        GoldenBatch golden = GoldenBatch.Load("control-commit");
        RecordBatchHeader theirs = TestBatch.Header(golden.Bytes);
        using RecordBatchBuilder builder = new();
        builder.Begin(
            theirs.BaseOffset, producerId: theirs.ProducerId, producerEpoch: theirs.ProducerEpoch, isTransactional: true,
            isControl: true, partitionLeaderEpoch: theirs.PartitionLeaderEpoch);
        builder.AppendEndTransaction(theirs.BaseTimestamp, committed: true, coordinatorEpoch: 0);
        Assert.Equal(golden.Bytes, builder.Build().ToArray());
    }

    [Fact]
    public void The_first_batch_of_a_metadata_log_is_the_one_Kafka_writes()
    {
        GoldenBatch golden = GoldenBatch.Load("control-kraft");
        RecordBatchHeader theirs = TestBatch.Header(golden.Bytes);
        using RecordBatchBuilder builder = new();
        builder.Begin(isControl: true, partitionLeaderEpoch: theirs.PartitionLeaderEpoch);
        foreach (RecordView record in new RecordBatchView(golden.Bytes))
        {
            Assert.True(ControlRecord.TryReadKey(record.Key, out ControlRecordType type));
            builder.AppendControl(record.TimestampMs, type, record.Value);
        }

        Assert.Equal(golden.Bytes, builder.Build().ToArray());
    }

    [Fact]
    public void Control_keys_and_values_come_back()
    {
        byte[] key = new byte[4];
        byte[] value = new byte[6];
        foreach (ControlRecordType type in Enum.GetValues<ControlRecordType>())
        {
            ControlRecord.WriteKey(key, type);
            Assert.True(ControlRecord.TryReadKey(key, out ControlRecordType read));
            Assert.Equal(type, read);
        }

        ControlRecord.WriteEndTransactionValue(value, 77);
        Assert.True(ControlRecord.TryReadEndTransactionValue(value, out int epoch));
        Assert.Equal(77, epoch);
        Assert.False(ControlRecord.TryReadKey(key.AsSpan(0, 3), out _));
        Assert.False(ControlRecord.TryReadKey([0xff, 0xff, 0, 0], out _));
        Assert.False(ControlRecord.TryReadEndTransactionValue(value.AsSpan(0, 5), out _));
        Assert.False(ControlRecord.TryReadEndTransactionValue([0xff, 0xff, 0, 0, 0, 0], out _));
    }
}
