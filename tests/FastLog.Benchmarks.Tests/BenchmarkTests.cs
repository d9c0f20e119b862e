using BenchmarkDotNet.Running;
using FastLog.Benchmarks.Trials;

// Allocations are counted for the whole process, so nothing else may run beside.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace FastLog.Benchmarks.Tests;

/// <summary>Every benchmark runs, and allocates what it may. How fast it is, is not asked.</summary>
public sealed class BenchmarkTests
{
    /// <summary>How long to wait for a window in which nothing but the benchmark allocates.</summary>
    private static readonly TimeSpan QuietWindowTimeMax = TimeSpan.FromSeconds(5);

    private static readonly Dictionary<string, BenchmarkCase> Cases = BenchmarkTrial.Cases.ToDictionary(BenchmarkTrial.NameOf);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_benchmark_runs_and_allocates_no_more_than_it_may(string name)
    {
        (long bytesPerCallMax, string reason) = AllowedAllocations.Of(name);
        using BenchmarkTrial trial = BenchmarkTrial.SetUp(Cases[name]);
        double allocated = trial.Measure(bytesPerCallMax, QuietWindowTimeMax).AllocatedBytesPerCall;
        Assert.True(allocated <= bytesPerCallMax, $"{allocated:N1} bytes a call, allowed are {bytesPerCallMax}: {reason}");
    }

    [Fact]
    public void Every_row_of_allowed_allocations_is_of_a_benchmark() =>
        Assert.All(AllowedAllocations.Benchmarks, name => Assert.Contains(name, Cases.Keys));

    [Theory]
    [InlineData("Crc32CBenchmarks")]
    [InlineData("BatchCheckBenchmarks")]
    [InlineData("CodecBenchmarks")]
    [InlineData("AppendBenchmarks")]
    [InlineData("LookupBenchmarks")]
    [InlineData("GroupCommitBenchmarks")]
    [InlineData("ProduceBenchmarks")]
    [InlineData("FetchBenchmarks")]
    public void A_hot_path_has_its_benchmarks(string type) =>
        Assert.Contains(Cases.Values, benchmark => benchmark.Descriptor.Type.Name == type);
}
