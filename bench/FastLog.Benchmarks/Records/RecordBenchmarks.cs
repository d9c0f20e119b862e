using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Records;

namespace FastLog.Benchmarks.Records;

/// <summary>Records into a batch, as the producer does, and out of it, as the consumer does; figures are per record.</summary>
public class RecordBenchmarks
{
    private const int RecordsCount = 1000;

    private readonly RecordBatchBuilder _builder = new();
    private readonly PooledBufferWriter _scratch = new();
    private byte[] _key = [];
    private byte[] _value = [];
    private byte[] _batch = [];

    [Params(100, 1000)]
    public int RecordBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _key = JsonText.Make(16);
        _value = JsonText.Make(RecordBytes);
        _batch = FillAndBuild().ToArray();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _builder.Dispose();
        _scratch.Dispose();
    }

    [Benchmark(OperationsPerInvoke = RecordsCount)]
    public int Build() => FillAndBuild().Length;

    [Benchmark(OperationsPerInvoke = RecordsCount)]
    public long Walk()
    {
        long bytes = 0;
        foreach (RecordView record in new RecordBatchView(_batch).Records(_scratch, int.MaxValue))
        {
            bytes += record.Key.Length + record.Value.Length;
        }

        return bytes;
    }

    private ReadOnlyMemory<byte> FillAndBuild()
    {
        _builder.Begin(producerId: 1, producerEpoch: 0, baseSequence: 0);
        for (int i = 0; i < RecordsCount; i++)
        {
            _builder.TryAppend(Batches.TimestampMs + i, _key, _value);
        }

        return _builder.Build();
    }
}
