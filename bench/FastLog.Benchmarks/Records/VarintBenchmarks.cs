using BenchmarkDotNet.Attributes;
using FastLog.Records;

namespace FastLog.Benchmarks.Records;

/// <summary>Varints, one after another; figures are per varint.</summary>
public class VarintBenchmarks
{
    private const int ValuesCount = 1000;

    private readonly int[] _values = new int[ValuesCount];
    private readonly byte[] _bytes = new byte[ValuesCount * Varint.SizeMaxBytesOfInt];

    /// <summary>Lengths and deltas of small records take one byte; sizes of all kinds are what predicts worst.</summary>
    [Params(1, 5)]
    public int SizeMaxBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        for (int i = 0; i < ValuesCount; i++)
        {
            int bits = (random.Next(SizeMaxBytes) * 7) + 6;
            _values[i] = (int)random.NextInt64(-1L << Math.Min(bits, 31), 1L << Math.Min(bits, 31));
        }

        Write();
    }

    [Benchmark(OperationsPerInvoke = ValuesCount)]
    public int Write()
    {
        int written = 0;
        foreach (int value in _values)
        {
            written += Varint.WriteInt(_bytes.AsSpan(written), value);
        }

        return written;
    }

    [Benchmark(OperationsPerInvoke = ValuesCount)]
    public int Read()
    {
        ReadOnlySpan<byte> rest = _bytes;
        int sum = 0;
        for (int i = 0; i < ValuesCount; i++)
        {
            if (!Varint.TryReadInt(rest, out int value, out int bytesRead))
            {
                throw new InvalidOperationException("A varint that was written cannot be read.");
            }

            sum += value;
            rest = rest[bytesRead..];
        }

        return sum;
    }
}
