using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace FastLog.Interop.Harness;

/// <summary>Where the random choices of a test come from: a new seed for every run, printed, and given back to repeat it.</summary>
internal static class TestSeed
{
    private const string Variable = "FASTLOG_TEST_SEED";

    /// <summary>A source of random numbers; the test's output names its seed.</summary>
    public static Random Begin(ITestOutputHelper output)
    {
        string? given = Environment.GetEnvironmentVariable(Variable);
        int seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"Seed {seed}; {Variable}={seed} makes the same choices again.");
        return new Random(seed);
    }

    /// <summary>Lets up to <paramref name="microsecondsMax"/> pass, so that what comes next hits any moment of a request.</summary>
    public static void PassSomeTime(this Random random, int microsecondsMax)
    {
        TimeSpan time = TimeSpan.FromMicroseconds(random.Next(microsecondsMax));
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            Thread.SpinWait(20);
        }
    }
}
