using System.Buffers;

namespace FastLog.Records.Tests;

public class RecordBatchHeaderTests
{
    private static RecordBatchHeader RandomHeader(Random random) => new()
    {
        BaseOffset = random.NextInt64(),
        BatchLength = random.Next(),
        PartitionLeaderEpoch = random.Next(),
        Magic = 2,
        Crc = (uint)random.NextInt64(1L << 32),
        Attributes = (short)random.Next(128),
        LastOffsetDelta = random.Next(),
        BaseTimestamp = random.NextInt64(),
        MaxTimestamp = random.NextInt64(),
        ProducerId = random.NextInt64(),
        ProducerEpoch = (short)random.Next(short.MaxValue),
        BaseSequence = random.Next(),
        RecordsCount = random.Next(),
    };

    [Fact]
    public void What_is_written_is_read_from_a_span_or_any_segments() =>
        Seeded.Run(300, random =>
        {
            RecordBatchHeader header = RandomHeader(random);
            byte[] bytes = random.Bytes(80);
            header.WriteTo(bytes);
            Assert.True(RecordBatchHeader.TryRead(bytes, out RecordBatchHeader read));
            Assert.Equal(header, read);
            Assert.True(RecordBatchHeader.TryRead(Segments.CutAtRandom(bytes, random, 8), out read));
            Assert.Equal(header, read);
            Assert.False(RecordBatchHeader.TryRead(bytes.AsSpan(0, random.Next(61)), out _));
            Assert.False(RecordBatchHeader.TryRead(Segments.CutAtRandom(bytes.AsMemory(0, random.Next(61)), random, 4), out _));
        });

    [Fact]
    public void Fields_lie_where_the_format_says()
    {
        byte[] bytes = [.. Enumerable.Range(0, 61).Select(i => (byte)i)];
        RecordBatchHeader header = TestBatch.Header(bytes);
        Assert.Equal(0x0001020304050607, header.BaseOffset);
        Assert.Equal(0x08090a0b, header.BatchLength);
        Assert.Equal(0x0c0d0e0f, header.PartitionLeaderEpoch);
        Assert.Equal(0x10, header.Magic);
        Assert.Equal(0x11121314u, header.Crc);
        Assert.Equal(0x1516, header.Attributes);
        Assert.Equal(0x1718191a, header.LastOffsetDelta);
        Assert.Equal(0x1b1c1d1e1f202122, header.BaseTimestamp);
        Assert.Equal(0x232425262728292a, header.MaxTimestamp);
        Assert.Equal(0x2b2c2d2e2f303132, header.ProducerId);
        Assert.Equal(0x3334, header.ProducerEpoch);
        Assert.Equal(0x35363738, header.BaseSequence);
        Assert.Equal(0x393a3b3c, header.RecordsCount);
    }

    [Fact]
    public void Attribute_bits_have_their_meaning()
    {
        RecordBatchHeader none = new() { Attributes = 0, ProducerId = -1 };
        Assert.Equal(CompressionType.None, none.CompressionType);
        Assert.Equal(TimestampType.CreateTime, none.TimestampType);
        Assert.False(none.IsTransactional || none.IsControl || none.HasDeleteHorizon || none.HasProducerId);
        RecordBatchHeader all = new() { Attributes = 0x7c, ProducerId = 0 };
        Assert.Equal(CompressionType.Zstd, all.CompressionType);
        Assert.Equal(TimestampType.LogAppendTime, all.TimestampType);
        Assert.True(all.IsTransactional && all.IsControl && all.HasDeleteHorizon && all.HasProducerId);
    }

    [Fact]
    public void A_length_near_the_largest_does_not_overflow()
    {
        Assert.Equal(int.MaxValue + 12L, new RecordBatchHeader { BatchLength = int.MaxValue }.TotalSizeInBytes);
        Assert.Equal(int.MinValue + 12L, new RecordBatchHeader { BatchLength = int.MinValue }.TotalSizeInBytes);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(10, 5, 15)]
    [InlineData(int.MaxValue, 0, int.MaxValue)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue - 2, 5, 2)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue - 1)]
    public void Sequence_numbers_wrap_to_zero(int sequence, int delta, int expected)
    {
        Assert.Equal(expected, RecordBatchHeader.IncrementSequence(sequence, delta));
        Assert.Equal(sequence, RecordBatchHeader.DecrementSequence(expected, delta));
        Assert.Equal(expected, new RecordBatchHeader { BaseSequence = sequence, LastOffsetDelta = delta }.LastSequence);
    }

    [Fact]
    public void A_batch_without_sequence_has_no_last_one() =>
        Assert.Equal(-1, new RecordBatchHeader { BaseSequence = -1, LastOffsetDelta = 4 }.LastSequence);

    [Fact]
    public void Offset_and_epoch_change_in_place_without_touching_the_checksum() =>
        Seeded.Run(20, random =>
        {
            (byte[] batch, List<TestRecord> records) = TestBatch.Random(random, CompressionType.None);
            RecordBatchHeader before = TestBatch.Header(batch);
            RecordBatchHeader.WriteBaseOffset(batch, 777);
            RecordBatchHeader.WritePartitionLeaderEpoch(batch, 9);
            Assert.Equal(before with { BaseOffset = 777, PartitionLeaderEpoch = 9 }, TestBatch.Header(batch));
            Assert.True(new RecordBatchView(batch).IsCrcValid);
            Assert.Equal(777 + records.Count, TestBatch.Header(batch).NextOffset);
        });

    [Fact]
    public void Append_time_changes_in_place_with_a_new_checksum() =>
        Seeded.Run(20, random =>
        {
            (byte[] batch, List<TestRecord> records) = TestBatch.Random(random, CompressionType.Snappy);
            RecordBatchHeader.WriteMaxTimestampAndType(batch, 4242, TimestampType.LogAppendTime);
            Assert.False(new RecordBatchView(batch).IsCrcValid);
            byte[] headerCopy = batch[..61];
            RecordBatchHeader.RecomputeCrc(batch);
            uint apart = RecordBatchHeader.RecomputeCrc(headerCopy, Segments.CutAtRandom(batch.AsMemory(61), random, 3));
            Assert.True(new RecordBatchView(batch).IsCrcValid);
            Assert.Equal(TestBatch.Header(batch).Crc, apart);
            Assert.Equal(batch[..61], headerCopy);
            Assert.All(TestRecord.ReadAll(batch), r => Assert.Equal(4242, r.TimestampMs));
            RecordBatchHeader.WriteMaxTimestampAndType(batch, 1, TimestampType.CreateTime);
            Assert.Equal(CompressionType.Snappy, TestBatch.Header(batch).CompressionType);
            Assert.Equal(records.Select(r => r.Text), TestRecord.ReadAll(batch).Select(r => r.Text));
        });

    [Fact]
    public void An_emptied_batch_keeps_offsets_and_producer()
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(50, CompressionType.Gzip, producerId: 7, producerEpoch: 1, baseSequence: 3, partitionLeaderEpoch: 2, isTransactional: true);
        builder.TryAppend(100, [1], [2]);
        builder.TryAppend(200, [1], [2]);
        RecordBatchHeader full = TestBatch.Header(builder.Build().Span);
        byte[] empty = new byte[61];
        full.WriteEmptyBatchTo(empty);
        RecordBatchHeader header = TestBatch.Header(empty);
        Assert.Equal((50L, 51L, 7L, (short)1, 3, 4, 2), (header.BaseOffset, header.LastOffset, header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LastSequence, header.PartitionLeaderEpoch));
        Assert.Equal((0, 200, -1), (header.RecordsCount, header.MaxTimestamp, header.BaseTimestamp));
        Assert.True(header.IsTransactional);
        ReadOnlySequence<byte> sequence = new(empty);
        Assert.Equal(BatchError.None, RecordBatchValidator.Check(sequence, header, BatchCheckOptions.Replicated with { Walk = RecordWalk.All }, out _));
        Assert.Equal(BatchError.BadRecordCount, RecordBatchValidator.Check(sequence, header));
        Assert.Empty(TestRecord.ReadAll(empty));
    }

    [Fact]
    public void Overhead_and_magic_are_read_from_legacy_messages_too()
    {
        byte[] legacy = new byte[26];
        legacy[7] = 5;
        legacy[11] = 14;
        legacy[16] = 1;
        Assert.True(RecordBatchHeader.TryReadOverhead(legacy, out long offset, out long size));
        Assert.True(RecordBatchHeader.TryReadMagic(legacy, out sbyte magic));
        Assert.Equal((5L, 26L, (sbyte)1), (offset, size, magic));
        Assert.False(RecordBatchHeader.TryReadOverhead(legacy.AsSpan(0, 11), out _, out _));
        Assert.False(RecordBatchHeader.TryReadMagic(legacy.AsSpan(0, 16), out _));
    }
}
