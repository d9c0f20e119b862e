using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Records.Tests;

public class RecordBatchValidatorTests
{
    private static readonly BatchCheckOptions Thinned = BatchCheckOptions.Replicated with { Walk = RecordWalk.All };

    private static byte[] ThreeRecords(CompressionType codec = CompressionType.None)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(compression: codec);
        builder.TryAppend(2000, [1], [1, 2, 3]);
        builder.TryAppend(3000, default, keyIsNull: true, [4], valueIsNull: false, [new RecordHeader(new byte[] { 5 }, new byte[] { 6 })]);
        builder.TryAppend(1000, [1], keyIsNull: false, default, valueIsNull: true);
        return builder.Build().ToArray();
    }

    private static BatchError Check(byte[] batch, BatchCheckOptions? options = null) => Check(batch, options, out _);

    private static BatchError Check(byte[] batch, BatchCheckOptions? options, out BatchSummary summary)
    {
        RecordBatchHeader header = TestBatch.Header(batch);
        BatchError error = RecordBatchValidator.Check(new ReadOnlySequence<byte>(batch), header, options ?? BatchCheckOptions.Client, out summary);
        Assert.Equal(error, RecordBatchValidator.Check(Segments.CutEverywhere(batch), header, options ?? BatchCheckOptions.Client, out BatchSummary cut));
        Assert.Equal(summary, cut);
        return error;
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void A_sound_batch_passes_and_is_summed_up(CompressionType codec)
    {
        Assert.Equal(BatchError.None, Check(ThreeRecords(codec), null, out BatchSummary summary));
        Assert.True(summary.IsWalked);
        Assert.Equal((1000, 3000, 1), (summary.MinTimestamp, summary.MaxTimestamp, summary.OffsetDeltaOfMaxTimestamp));
        Assert.Equal((true, 1, 1, -1), (summary.HasNullKey, summary.NullKeysCount, summary.FirstNullKeyIndex, summary.BadRecordIndex));
        Assert.Equal(ThreeRecords().Length - 61, summary.PlainSizeInBytes);
    }

    [Fact]
    public void Append_time_stands_for_all_records()
    {
        byte[] batch = TestBatch.With(ThreeRecords(), b => RecordBatchHeader.WriteMaxTimestampAndType(b, 9999, TimestampType.LogAppendTime));
        Assert.Equal(BatchError.None, Check(batch, null, out BatchSummary summary));
        Assert.Equal((9999, 9999, 2), (summary.MinTimestamp, summary.MaxTimestamp, summary.OffsetDeltaOfMaxTimestamp));
    }

    [Fact]
    public void Without_a_walk_the_header_speaks()
    {
        byte[] batch = ThreeRecords(CompressionType.Zstd);
        Assert.Equal(BatchError.None, Check(batch, BatchCheckOptions.Client with { Walk = RecordWalk.PlainOnly }, out BatchSummary summary));
        Assert.False(summary.IsWalked);
        Assert.Equal((3000, 2, 0), (summary.MaxTimestamp, summary.OffsetDeltaOfMaxTimestamp, summary.PlainSizeInBytes));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(-1)]
    public void Other_magics_are_told_apart(sbyte magic) =>
        Assert.Equal(BatchError.BadMagic, Check(TestBatch.With(ThreeRecords(), b => b[16] = (byte)magic)));

    [Fact]
    public void A_length_that_is_not_the_batchs_is_refused()
    {
        byte[] batch = ThreeRecords();
        Assert.Equal(BatchError.BadLength, Check([.. batch, 0]));
        Assert.Equal(BatchError.BadLength, Check(batch[..^1]));
        foreach (int length in (int[])[48, 0, -1, int.MinValue, int.MaxValue])
        {
            byte[] lying = [.. batch];
            BinaryPrimitives.WriteInt32BigEndian(lying.AsSpan(8), length);
            Assert.Equal(BatchError.BadLength, Check(lying));
        }
    }

    [Fact]
    public void Every_single_bit_under_the_checksum_counts()
    {
        byte[] batch = ThreeRecords();
        for (int bit = 17 * 8; bit < batch.Length * 8; bit++)
        {
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
            RecordBatchHeader header = TestBatch.Header(batch);
            Assert.Equal(BatchError.BadCrc, RecordBatchValidator.Check(new ReadOnlySequence<byte>(batch), header));
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        batch[20] ^= 1;
        Assert.Equal(BatchError.None, Check(batch, BatchCheckOptions.Client with { ChecksCrc = false }));
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    [InlineData(-1, 0)]
    [InlineData(-4, -3)]
    [InlineData(int.MaxValue, int.MinValue)]
    public void Counts_that_do_not_agree_are_refused(int lastOffsetDelta, int count)
    {
        byte[] batch = TestBatch.With(ThreeRecords(), b => WriteCounts(b, lastOffsetDelta, count));
        Assert.Equal(BatchError.BadRecordCount, Check(batch));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(int.MaxValue - 1, int.MaxValue)]
    public void Counts_that_agree_but_lie_are_refused(int lastOffsetDelta, int count)
    {
        foreach (CompressionType codec in TestBatch.Codecs)
        {
            byte[] batch = TestBatch.With(ThreeRecords(codec), b => WriteCounts(b, lastOffsetDelta, count));
            Assert.Contains(Check(batch), (BatchError[])[BatchError.BadRecordCount, BatchError.BadRecord]);
        }
    }

    [Fact]
    public void Offset_deltas_of_a_producer_are_0_1_2()
    {
        foreach (int[] deltas in (int[][])[[1, 2, 3], [0, 2, 3], [0, 1, 3]])
        {
            byte[] batch = WithDeltas(deltas);
            WriteCounts(batch, 2, 3);
            RecordBatchHeader.RecomputeCrc(batch);
            Assert.Equal(BatchError.BadOffsetDelta, Check(batch, null, out BatchSummary summary));
            Assert.Equal(Enumerable.Range(0, 3).First(i => deltas[i] != i), summary.BadRecordIndex);
        }
    }

    [Fact]
    public void Offset_deltas_of_a_compacted_batch_grow_within_its_range()
    {
        Assert.Equal(BatchError.None, Check(WithDeltas(3, 4, 9), Thinned));
        byte[] beyond = TestBatch.With(WithDeltas(3, 4, 9), b => WriteCounts(b, 8, 3));
        Assert.Equal(BatchError.BadOffsetDelta, Check(beyond, Thinned));

        // Length 7 to the offset delta's byte: equal deltas do not grow.
        byte[] record = [12, 0, 0, 8, 1, 1, 0];
        Assert.Equal(BatchError.BadOffsetDelta, Check(TestBatch.With(TestBatch.Around([.. record, .. record], 2), b => WriteCounts(b, 8, 2)), Thinned));
        Assert.Equal(BatchError.BadRecordCount, Check(TestBatch.With(WithDeltas(0), b => WriteCounts(b, 0, 2)), Thinned));
    }

    [Theory]
    [InlineData("")] // Nothing.
    [InlineData("01")] // Length -1.
    [InlineData("00000000000000")] // Length 0, no attributes.
    [InlineData("0e000000010100")] // Longer than what is there.
    [InlineData("0a000000010100")] // Shorter than its fields.
    [InlineData("0c000000030100")] // Key length -2.
    [InlineData("0c000000010300")] // Value length -2.
    [InlineData("0c000000020100")] // Key runs over the value's length.
    [InlineData("0c000000010101")] // -1 headers.
    [InlineData("0c000000010102")] // One header, no bytes for it.
    [InlineData("100000000101020100")] // Header with a null key.
    [InlineData("100000000101020003")] // Header with value length -2.
    [InlineData("0c000000feffffff0f")] // Key of 2 GiB.
    [InlineData("feffffff0f000000010100")] // Record of 2 GiB.
    [InlineData("0c0000000101feffffff0f")] // 2^31 headers.
    [InlineData("8080808080000c000000010100")] // Length of six bytes.
    [InlineData("0c000000010100ff")] // A byte after the last record.
    public void A_record_that_is_none_is_refused_by_validator_and_enumerator_alike(string hex)
    {
        byte[] plain = Convert.FromHexString(hex);
        BatchError[] expected = [BatchError.BadRecord, BatchError.BadRecordCount];
        foreach (CompressionType codec in TestBatch.Codecs)
        {
            using PooledBufferWriter packed = new();
            CompressionCodecs.For(codec).Compress(plain, packed);
            byte[] batch = TestBatch.Around(packed.WrittenSpan, 1, codec);
            Assert.Contains(Check(batch), expected);
            Assert.Contains(Check(batch, Thinned), expected);
            Assert.Throws<RecordFormatException>(() => TestRecord.ReadAll(batch));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Compression_types_without_a_name_are_refused(byte type)
    {
        byte[] batch = TestBatch.With(ThreeRecords(), b => b[22] = type);
        Assert.Equal(BatchError.UnsupportedCompression, Check(batch));
        Assert.Throws<RecordFormatException>(() => TestRecord.ReadAll(batch));
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Corrupt_and_oversized_compressed_records_are_told_apart(CompressionType codec)
    {
        byte[] batch = ThreeRecords(codec);
        Assert.Equal(BatchError.DecompressedTooLarge, Check(batch, BatchCheckOptions.Client with { DecompressedSizeMaxBytes = 10 }));
        byte[] cut = TestBatch.Around(batch.AsSpan(61, batch.Length - 62), 3, codec);
        Assert.Equal(BatchError.BadCompressedData, Check(cut));
        Assert.Equal(BatchError.None, Check(cut, BatchCheckOptions.Replicated));
    }

    [Fact]
    public void Any_cut_into_segments_gives_the_same_answer() =>
        Seeded.Run(60, random =>
        {
            foreach (CompressionType codec in TestBatch.Codecs)
            {
                (byte[] batch, List<TestRecord> records) = TestBatch.Random(random, codec);
                RecordBatchHeader header = TestBatch.Header(batch);
                Assert.Equal(BatchError.None, RecordBatchValidator.Check(new ReadOnlySequence<byte>(batch), header, BatchCheckOptions.Client, out BatchSummary whole));
                Assert.Equal(BatchError.None, RecordBatchValidator.Check(Segments.CutAtRandom(batch, random, 20), header, BatchCheckOptions.Client, out BatchSummary cut));
                Assert.Equal(whole, cut);
                Assert.Equal(records.Min(r => r.TimestampMs), whole.MinTimestamp);
                Assert.Equal(records.Max(r => r.TimestampMs), whole.MaxTimestamp);
                Assert.Equal(records.FindIndex(r => r.TimestampMs == whole.MaxTimestamp), whole.OffsetDeltaOfMaxTimestamp);
                Assert.Equal(records.Count(r => r.Key is null), whole.NullKeysCount);
                Assert.Equal(records.FindIndex(r => r.Key is null), whole.FirstNullKeyIndex);
            }
        });

    private static void WriteCounts(byte[] batch, int lastOffsetDelta, int count)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.LastOffsetDeltaOffset), lastOffsetDelta);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(RecordBatchHeader.RecordsCountOffset), count);
    }

    private static byte[] WithDeltas(params int[] deltas)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin();
        foreach (int delta in deltas)
        {
            builder.TryAppendAt(delta, 1, [1], keyIsNull: false, [2], valueIsNull: false);
        }

        return builder.Build().ToArray();
    }
}
