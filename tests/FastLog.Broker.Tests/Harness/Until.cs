using System.Diagnostics;

namespace FastLog.Broker.Tests.Harness;

/// <summary>Waits for conditions; the time limit is for tests that are broken.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void True(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Limit, "the condition did not come true");
            Thread.Yield();
        }
    }
}
