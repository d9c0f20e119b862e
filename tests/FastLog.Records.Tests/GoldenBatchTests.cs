using System.Buffers;
using System.Globalization;

namespace FastLog.Records.Tests;

public class GoldenBatchTests
{
    public static TheoryData<string> Names => new(GoldenBatch.Names);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_batch_reads_as_the_independent_reader_found_it(string name)
    {
        GoldenBatch golden = GoldenBatch.Load(name);
        RecordBatchHeader header = TestBatch.Header(golden.Bytes);
        Assert.True(new RecordBatchView(golden.Bytes).IsCrcValid);
        Assert.Equal(golden.Number("attributes"), header.Attributes);
        Assert.Equal(golden.Number("baseOffset"), header.BaseOffset);
        Assert.Equal(golden.Number("lastOffsetDelta"), header.LastOffsetDelta);
        Assert.Equal(golden.Number("maxTimestamp"), header.MaxTimestamp);
        Assert.Equal(golden.Number("count"), header.RecordsCount);
        Assert.Equal(golden.Fields["producer"], $"{header.ProducerId} {header.ProducerEpoch} {header.BaseSequence}");
        Assert.Equal(golden.Records, TestRecord.ReadAll(golden.Bytes).Select(r => r.Text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_batch_is_sound_in_one_piece_and_in_any(string name)
    {
        GoldenBatch golden = GoldenBatch.Load(name);
        RecordBatchHeader header = TestBatch.Header(golden.Bytes);
        BatchCheckOptions options = name.StartsWith("compacted", StringComparison.Ordinal)
            ? BatchCheckOptions.Replicated with { Walk = RecordWalk.All }
            : BatchCheckOptions.Client;
        Assert.Equal(BatchError.None, RecordBatchValidator.Check(new ReadOnlySequence<byte>(golden.Bytes), header, options, out BatchSummary whole));
        Assert.Equal(BatchError.None, RecordBatchValidator.Check(Segments.CutEverywhere(golden.Bytes), header, options, out BatchSummary cut));
        Assert.Equal(whole, cut);
        Assert.True(whole.IsWalked);

        // Not what the header says: sarama 1.22.1 leaves -1 there, and brokers are to find out themselves.
        Assert.Equal(golden.Records.Select(Timestamp).DefaultIfEmpty(golden.Number("maxTimestamp")).Max(), whole.MaxTimestamp);
        Assert.Equal(golden.Records.Count(r => r.Split(' ')[2] == "null"), whole.NullKeysCount);
    }

    private static long Timestamp(string record) => long.Parse(record.Split(' ')[1], CultureInfo.InvariantCulture);

    [Fact]
    public void Every_codec_is_among_the_recorded_batches() =>
        Assert.Equal(
            TestBatch.Codecs,
            GoldenBatch.Names.Select(n => TestBatch.Header(GoldenBatch.Load(n).Bytes).CompressionType).Distinct().Order());
}
