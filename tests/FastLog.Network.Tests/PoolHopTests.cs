namespace FastLog.Network.Tests;

public sealed class PoolHopTests
{
    [Fact]
    public async Task A_thread_of_its_own_is_left_for_the_pool()
    {
        TaskCompletionSource<bool> endedOnPool = new();
        Thread thread = new(() => _ = HopAsync(new PoolHop(), endedOnPool));
        thread.Start();
        Assert.True(await endedOnPool.Task);
    }

    [Fact]
    public async Task A_thread_of_the_pool_goes_on_as_it_is()
    {
        await Task.Run(() => Assert.True(new PoolHop().IsCompleted));
    }

    [Fact]
    public void A_hop_that_is_awaited_again_and_again_allocates_nothing()
    {
        const int Hops = 1000;
        PoolHop hop = new();
        using SemaphoreSlim hopped = new(0);
        Action continuation = () => hopped.Release();
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Hops; i++)
            {
                hop.UnsafeOnCompleted(continuation);
                hopped.Wait();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        // Far below one object for each hop; a wait that has to block may cost something of its own.
        Assert.InRange(least, 0, Hops);
    }

    private static async Task HopAsync(PoolHop hop, TaskCompletionSource<bool> endedOnPool)
    {
        await hop;
        endedOnPool.SetResult(Thread.CurrentThread.IsThreadPoolThread);
    }
}
