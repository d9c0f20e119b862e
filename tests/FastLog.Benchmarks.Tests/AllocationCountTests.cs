using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Running;
using FastLog.Benchmarks.Trials;

namespace FastLog.Benchmarks.Tests;

/// <summary>The count that judges the benchmarks, judged on code of which the garbage is known.</summary>
public sealed class AllocationCountTests
{
    private const int ArrayBytes = 24 + 1000;

    [Theory]
    [InlineData(nameof(Garbage.OneArray), ArrayBytes)]
    [InlineData(nameof(Garbage.OneArrayOnAnotherThread), ArrayBytes)]
    [InlineData(nameof(Garbage.Nothing), 0)]
    public void Garbage_is_counted_on_all_threads(string method, double bytesPerCall)
    {
        BenchmarkCase benchmark = Assert.Single(
            BenchmarkConverter.TypeToBenchmarks(typeof(Garbage)).BenchmarksCases,
            benchmark => benchmark.Descriptor.WorkloadMethod.Name == method);
        using BenchmarkTrial trial = BenchmarkTrial.SetUp(benchmark);
        Assert.Equal(bytesPerCall, trial.Measure((long)bytesPerCall, TimeSpan.FromSeconds(5)).AllocatedBytesPerCall);
    }

    public class Garbage
    {
        private readonly SemaphoreSlim _asked = new(0);
        private readonly SemaphoreSlim _done = new(0);
        private byte[] _array = [];
        private volatile bool _isOver;
        private Thread? _other;

        [GlobalSetup]
        public void Setup()
        {
            _other = new Thread(AllocateWhenAsked);
            _other.Start();
        }

        [GlobalCleanup]
        public void Cleanup()
        {
            _isOver = true;
            _asked.Release();
            _other!.Join();
            _asked.Dispose();
            _done.Dispose();
        }

        [Benchmark]
        public byte[] OneArray() => _array = new byte[ArrayBytes - 24];

        [Benchmark]
        public void OneArrayOnAnotherThread()
        {
            _asked.Release();
            _done.Wait();
        }

        [Benchmark]
        public int Nothing() => _array.Length;

        private void AllocateWhenAsked()
        {
            while (true)
            {
                _asked.Wait();
                if (_isOver)
                {
                    return;
                }

                _array = new byte[ArrayBytes - 24];
                _done.Release();
            }
        }
    }
}
