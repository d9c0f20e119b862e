using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Records;

namespace FastLog.Benchmarks.Records;

/// <summary>The checksum of a batch, over one piece of memory and over what a socket left in several.</summary>
public class Crc32CBenchmarks
{
    private byte[] _bytes = [];
    private ReadOnlySequence<byte> _pieces;

    [Params(64, 1024, 64 * 1024, 1024 * 1024)]
    public int SizeBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _bytes = JsonText.Make(SizeBytes);
        _pieces = Pieces.Of(_bytes, Math.Min(SizeBytes / 4, 64 * 1024));
    }

    [Benchmark(Baseline = true)]
    public uint OnePiece() => Crc32C.Compute(_bytes);

    [Benchmark]
    public uint SeveralPieces() => Crc32C.Compute(_pieces);
}
