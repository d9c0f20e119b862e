using System.Diagnostics;
using System.Reflection;
using BenchmarkDotNet.Running;

namespace FastLog.Benchmarks.Trials;

/// <summary>
/// One benchmark with one set of parameters, made ready and called without BenchmarkDotNet's engine: for a glance at the
/// figures, and for tests, which judge only whether it runs and what it allocates. Disposing cleans up.
/// </summary>
internal sealed class BenchmarkTrial : IDisposable
{
    private const int WarmUpCalls = 5;
    private const int CallsPerWindowMin = 2;
    private const int CallsPerWindowMax = 1000;
    private static readonly TimeSpan WindowTime = TimeSpan.FromMilliseconds(2);

    private readonly Descriptor _descriptor;
    private readonly object _benchmarks;
    private readonly Action<int> _call;

    private BenchmarkTrial(BenchmarkCase benchmark)
    {
        _descriptor = benchmark.Descriptor;
        _benchmarks = Activator.CreateInstance(_descriptor.Type)!;
        foreach (var parameter in benchmark.Parameters.Items)
        {
            _descriptor.Type.GetProperty(parameter.Name)!.SetValue(_benchmarks, parameter.Value);
        }

        _call = Repeating(_descriptor.WorkloadMethod);
        _descriptor.GlobalSetupMethod?.Invoke(_benchmarks, null);
    }

    /// <summary>Every benchmark of this project with each of its parameters.</summary>
    public static IReadOnlyList<BenchmarkCase> Cases { get; } =
    [
        .. typeof(BenchmarkTrial).Assembly.GetTypes()
            .Where(type => type is { IsPublic: true, IsAbstract: false })
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases),
    ];

    /// <summary>How a case is named, here and in the tests' table: <c>Crc32CBenchmarks.OnePiece [SizeBytes=64]</c>.</summary>
    public static string NameOf(BenchmarkCase benchmark) =>
        $"{benchmark.Descriptor.Type.Name}.{benchmark.Descriptor.WorkloadMethod.Name} {benchmark.Parameters.DisplayInfo}".TrimEnd();

    public static BenchmarkTrial SetUp(BenchmarkCase benchmark) => new(benchmark);

    public void Call(int times) => _call(times);

    /// <summary>
    /// Calls in windows until one of them allocated little enough, or the time is over; gives the quietest one.
    /// Counts all threads, as a flusher's garbage is garbage too. The runtime allocates for itself now and then, and code
    /// allocates more until it is compiled for good: hence more than one window.
    /// </summary>
    /// <param name="allocatedBytesEnough">A window of so many bytes per call, or fewer, ends the search.</param>
    /// <param name="timeMax">How long to look for a quieter window.</param>
    public TrialFigures Measure(long allocatedBytesEnough, TimeSpan timeMax)
    {
        int calls = CallsPerWindow();
        long start = Stopwatch.GetTimestamp();
        double allocatedBytes = double.MaxValue;
        TimeSpan elapsed = TimeSpan.MaxValue;
        do
        {
            long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            long before = Stopwatch.GetTimestamp();
            _call(calls);
            TimeSpan window = Stopwatch.GetElapsedTime(before);
            allocatedBytes = Math.Min(allocatedBytes, (double)(GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / calls);
            elapsed = window < elapsed ? window : elapsed;
        }
        while (allocatedBytes > allocatedBytesEnough && Stopwatch.GetElapsedTime(start) < timeMax);

        return new TrialFigures(elapsed.TotalNanoseconds / calls / _descriptor.OperationsPerInvoke, allocatedBytes);
    }

    public void Dispose() => _descriptor.GlobalCleanupMethod?.Invoke(_benchmarks, null);

    // Pools and buffers are filled by the first calls; these also tell how many make up a window.
    private int CallsPerWindow()
    {
        _call(WarmUpCalls);
        long before = Stopwatch.GetTimestamp();
        _call(WarmUpCalls);
        double calls = WarmUpCalls * WindowTime / Stopwatch.GetElapsedTime(before);
        return (int)Math.Clamp(calls, CallsPerWindowMin, CallsPerWindowMax);
    }

    // A reflected call allocates; a delegate does not.
    private Action<int> Repeating(MethodInfo method)
    {
        if (method.ReturnType == typeof(void))
        {
            Action action = method.CreateDelegate<Action>(_benchmarks);
            return times =>
            {
                for (int i = 0; i < times; i++)
                {
                    action();
                }
            };
        }

        return typeof(BenchmarkTrial).GetMethod(nameof(RepeatingResult), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(method.ReturnType)
            .CreateDelegate<Func<MethodInfo, object, Action<int>>>()(method, _benchmarks);
    }

    private static Action<int> RepeatingResult<T>(MethodInfo method, object benchmarks)
    {
        Func<T> function = method.CreateDelegate<Func<T>>(benchmarks);
        return times =>
        {
            for (int i = 0; i < times; i++)
            {
                _ = function();
            }
        };
    }
}

/// <summary>What a trial saw.</summary>
/// <param name="NanosecondsPerOperation">Of the fastest window: a hint, no measurement.</param>
/// <param name="AllocatedBytesPerCall">Of the quietest window.</param>
internal readonly record struct TrialFigures(double NanosecondsPerOperation, double AllocatedBytesPerCall)
{
    /// <summary>Fewer bytes than any window allocates: for a trial that shall take all its time.</summary>
    public const long NeverEnough = -1;
}
