using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Records;

namespace FastLog.Benchmarks.Records;

/// <summary>64 KiB of JSON through each codec that this machine has; one that it lacks is named and left out.</summary>
public class CodecBenchmarks
{
    private const int PlainBytes = 64 * 1024;

    private static readonly Lazy<CompressionType[]> AvailableCodecs = new(FindAvailable);

    private readonly PooledBufferWriter _output = new();
    private ICompressionCodec _codec = CompressionCodecs.For(CompressionType.None);
    private byte[] _plain = [];
    private byte[] _packed = [];

    public static IEnumerable<CompressionType> Available => AvailableCodecs.Value;

    [ParamsSource(nameof(Available))]
    public CompressionType Codec { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _codec = CompressionCodecs.For(Codec);
        _plain = JsonText.Make(PlainBytes);
        Compress();
        _packed = _output.WrittenSpan.ToArray();
    }

    [GlobalCleanup]
    public void Cleanup() => _output.Dispose();

    [Benchmark]
    public int Compress()
    {
        _output.Clear();
        _codec.Compress(_plain, _output);
        return _output.WrittenCount;
    }

    [Benchmark]
    public int Decompress()
    {
        _output.Clear();
        _codec.Decompress(_packed, _output, PlainBytes);
        return _output.WrittenCount;
    }

    private static CompressionType[] FindAvailable()
    {
        List<CompressionType> available = [];
        foreach (ICompressionCodec codec in CompressionCodecs.All.Where(codec => codec.Type != CompressionType.None))
        {
            if (codec.IsAvailable(out string reason))
            {
                available.Add(codec.Type);
            }
            else
            {
                Console.Error.WriteLine($"// {nameof(CodecBenchmarks)} leaves {codec.Type} out: {reason}");
            }
        }

        return [.. available];
    }
}
