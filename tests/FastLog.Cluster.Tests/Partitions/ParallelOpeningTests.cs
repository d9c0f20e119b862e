using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Cluster.Tests.Partitions;

public sealed class ParallelOpeningTests
{
    [Fact]
    public void Everything_is_opened_once_with_no_more_threads_than_allowed()
    {
        var opened = new int[500];
        var running = 0;
        var runningMax = 0;
        ParallelOpening.Run(
            [Share("/a", 0, 300), Share("/b", 300, 200)],
            threadsPerDirectory: 2,
            index =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref runningMax, now);
                Interlocked.Increment(ref opened[index]);
                Interlocked.Decrement(ref running);
                return null;
            },
            new ManualClock(),
            NullLogger.Instance);

        Assert.All(opened, count => Assert.Equal(1, count));
        Assert.InRange(runningMax, 1, 4);
    }

    [Fact]
    public void What_one_thread_throws_ends_the_start()
    {
        var thrown = Assert.Throws<InvalidDataException>(() => ParallelOpening.Run(
            [Share("/a", 0, 100)],
            threadsPerDirectory: 2,
            index => index == 50 ? throw new InvalidDataException("fifty") : null,
            new ManualClock(),
            NullLogger.Instance));

        Assert.Equal("fifty", thrown.Message);
    }

    private static ParallelOpening.Share Share(string directory, int first, int count) =>
        new(directory, [.. Enumerable.Range(first, count)]);

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }
}
