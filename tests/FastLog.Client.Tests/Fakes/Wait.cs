using System.Diagnostics;

namespace FastLog.Client.Tests.Fakes;

/// <summary>Waiting for a condition, and failing when it never comes.</summary>
internal static class Wait
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task UntilAsync(Func<bool> condition)
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(startedAt) < Limit, "the condition did not come true");
            await Task.Yield();
            await Task.Delay(1);
        }
    }

    public static CancellationToken Timeout() => new CancellationTokenSource(Limit).Token;
}
