using System.Buffers;

namespace FastLog.Records.Tests;

public class AllocationTests
{
    private static (byte[] Batch, RecordBatchHeader Header) Batch(CompressionType codec)
    {
        byte[] batch = TestBatch.Random(new Random(5), codec).Batch;
        return (batch, TestBatch.Header(batch));
    }

    [Fact]
    public void Reading_a_header_allocates_nothing()
    {
        (byte[] batch, _) = Batch(CompressionType.None);
        ReadOnlySequence<byte> cut = Segments.Cut(batch, 5, 30, 55);
        Assert.Equal(0, Allocations.OfSteadyState(() =>
        {
            RecordBatchHeader.TryRead(batch, out _);
            RecordBatchHeader.TryRead(cut, out _);
        }));
    }

    [Fact]
    public void Validating_plain_batches_allocates_nothing()
    {
        (byte[] batch, RecordBatchHeader header) = Batch(CompressionType.None);
        ReadOnlySequence<byte> whole = new(batch);
        ReadOnlySequence<byte> cut = Segments.CutAtRandom(batch, new Random(1), 30);
        Assert.Equal(0, Allocations.OfSteadyState(() =>
        {
            RecordBatchValidator.Check(whole, header, BatchCheckOptions.Client, out _);
            RecordBatchValidator.Check(cut, header, BatchCheckOptions.Client, out _);
        }));
    }

    [Theory]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Validating_compressed_batches_allocates_nothing_but_for_gzip(CompressionType codec)
    {
        (byte[] batch, RecordBatchHeader header) = Batch(codec);
        ReadOnlySequence<byte> whole = new(batch);
        ReadOnlySequence<byte> cut = Segments.CutAtRandom(batch, new Random(1), 10);
        Assert.Equal(0, Allocations.OfSteadyState(() =>
        {
            RecordBatchValidator.Check(whole, header, BatchCheckOptions.Client, out _);
            RecordBatchValidator.Check(cut, header, BatchCheckOptions.Client, out _);
        }));
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Walking_records_and_headers_allocates_nothing(CompressionType codec)
    {
        (byte[] batch, _) = Batch(codec);
        using PooledBufferWriter scratch = new();
        long bytes = 0;
        Assert.Equal(0, Allocations.OfSteadyState(() =>
        {
            foreach (RecordView record in new RecordBatchView(batch).Records(scratch, 1 << 24))
            {
                bytes += record.Key.Length + record.Value.Length;
                foreach (RecordHeaderView header in record.Headers)
                {
                    bytes += header.Value.Length;
                }
            }
        }));
        Assert.NotEqual(0, bytes);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Building_allocates_nothing(CompressionType codec)
    {
        using RecordBatchBuilder builder = new();
        byte[] value = new Random(1).PackableBytes(300);
        RecordHeader[] headers = [new RecordHeader(value.AsMemory(0, 3), value.AsMemory(3, 4))];
        Assert.Equal(0, Allocations.OfSteadyState(() =>
        {
            builder.Begin(compression: codec);
            for (int i = 0; i < 20; i++)
            {
                builder.TryAppend(i, value.AsSpan(0, 8), keyIsNull: false, value, valueIsNull: false, headers);
            }

            builder.Build();
        }));
    }
}
