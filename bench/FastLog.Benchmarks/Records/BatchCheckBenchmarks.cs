using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Records;

namespace FastLog.Benchmarks.Records;

/// <summary>What it costs to trust a batch of 1 MiB: its header alone, with the CRC, with every record.</summary>
public class BatchCheckBenchmarks
{
    private const int BatchBytes = 1024 * 1024;
    private const int PieceBytes = 64 * 1024;

    private static readonly BatchCheckOptions HeaderOnly = BatchCheckOptions.Replicated with { ChecksCrc = false };

    private RecordBatchHeader _header;
    private ReadOnlySequence<byte> _whole;
    private ReadOnlySequence<byte> _pieces;

    [Params(100, 1000)]
    public int RecordBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        byte[] batch = Batches.Make(RecordBytes, BatchBytes);
        _header = Batches.HeaderOf(batch);
        _whole = new ReadOnlySequence<byte>(batch);
        _pieces = Pieces.Of(batch, PieceBytes);
    }

    [Benchmark]
    public bool ReadHeader() => RecordBatchHeader.TryRead(_whole, out _);

    [Benchmark]
    public bool ReadHeaderFromPieces() => RecordBatchHeader.TryRead(_pieces, out _);

    [Benchmark]
    public void CheckHeader() => Check(_whole, HeaderOnly);

    [Benchmark]
    public void CheckHeaderAndCrc() => Check(_whole, BatchCheckOptions.Replicated);

    [Benchmark(Baseline = true)]
    public void CheckRecords() => Check(_whole, BatchCheckOptions.Client);

    [Benchmark]
    public void CheckRecordsInPieces() => Check(_pieces, BatchCheckOptions.Client);

    private void Check(in ReadOnlySequence<byte> batch, BatchCheckOptions options)
    {
        BatchError error = RecordBatchValidator.Check(batch, _header, options, out _);
        if (error != BatchError.None)
        {
            throw new InvalidOperationException($"The batch is sound and was refused: {error}.");
        }
    }
}
