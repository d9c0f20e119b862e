namespace FastLog.Records.Tests;

/// <summary>Random batches and the codecs to make them with.</summary>
internal static class TestBatch
{
    public static IEnumerable<CompressionType> Codecs => Enum.GetValues<CompressionType>();

    public static (byte[] Batch, List<TestRecord> Records) Random(Random random, CompressionType codec)
    {
        using RecordBatchBuilder builder = new();
        long baseOffset = random.NextInt64(1L << 40);
        long timestamp = random.NextInt64(1L << 42);
        builder.Begin(baseOffset, codec, producerId: random.Next(2) == 0 ? -1 : random.NextInt64(1 << 20), producerEpoch: 3);
        List<TestRecord> records = [];
        int count = random.Next(1, 60);
        for (int i = 0; i < count; i++)
        {
            TestRecord record = TestRecord.Random(random, baseOffset + i, timestamp + random.Next(-5000, 5000));
            Assert.True(record.AppendTo(builder));
            records.Add(record);
        }

        return (builder.Build().ToArray(), records);
    }

    public static RecordBatchHeader Header(ReadOnlySpan<byte> batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch, out RecordBatchHeader header));
        return header;
    }

    /// <summary>Changes a batch and makes its CRC right again, so that only the change is wrong with it.</summary>
    public static byte[] With(byte[] batch, Action<byte[]> change)
    {
        byte[] changed = [.. batch];
        change(changed);
        RecordBatchHeader.RecomputeCrc(changed);
        return changed;
    }

    /// <summary>A batch of one codec around any bytes as its records.</summary>
    public static byte[] Around(ReadOnlySpan<byte> records, int count, CompressionType codec = CompressionType.None)
    {
        byte[] batch = new byte[RecordBatchHeader.SizeInBytes + records.Length];
        new RecordBatchHeader
        {
            BatchLength = batch.Length - RecordBatchHeader.LogOverheadBytes,
            Magic = RecordBatchHeader.CurrentMagic,
            Attributes = (short)codec,
            LastOffsetDelta = count - 1,
            ProducerId = -1,
            ProducerEpoch = -1,
            BaseSequence = -1,
            RecordsCount = count,
        }.WriteTo(batch);
        records.CopyTo(batch.AsSpan(RecordBatchHeader.SizeInBytes));
        RecordBatchHeader.RecomputeCrc(batch);
        return batch;
    }
}
