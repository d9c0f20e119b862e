using System.Diagnostics;

namespace FastLog.Network.Tests;

/// <summary>Waits for conditions, with one generous bound for all tests.</summary>
internal static class Until
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task True(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Limit, "did not happen: " + what);
            await Task.Delay(1);
        }
    }

    /// <summary>Waits until a figure has not changed for so long that nothing seems to be on its way any more.</summary>
    public static async Task<long> Settled(Func<long> figure)
    {
        long last = figure();
        for (int calm = 0; calm < 30; calm++)
        {
            await Task.Delay(5);
            long now = figure();
            calm = now == last ? calm : 0;
            last = now;
        }

        return last;
    }
}
