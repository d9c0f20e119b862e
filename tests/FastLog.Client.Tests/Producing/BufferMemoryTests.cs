namespace FastLog.Client.Tests.Producing;

public class BufferMemoryTests
{
    [Fact]
    public void Refuses_beyond_its_bound_and_lets_one_too_large_in_when_empty()
    {
        BufferMemory memory = new(100);
        Assert.True(memory.TryReserve(500));
        Assert.False(memory.TryReserve(1));
        memory.Release(500);
        Assert.True(memory.TryReserve(60));
        Assert.False(memory.TryReserve(60));
        Assert.Equal(60, memory.UsedBytes);
    }

    [Fact]
    public async Task Waiting_ends_when_half_is_free_and_not_before()
    {
        BufferMemory memory = new(100);
        Assert.True(memory.TryReserve(100));
        Assert.False(memory.TryReserve(1));
        Task first = memory.WaitAsync(CancellationToken.None).AsTask();
        Task second = memory.WaitAsync(CancellationToken.None).AsTask();
        memory.Release(49);
        Assert.False(first.IsCompleted);
        Assert.True(memory.IsExhausted);
        memory.Release(1);
        await Task.WhenAll(first, second).WaitAsync(Fakes.Wait.Limit);
        Assert.False(memory.IsExhausted);
    }

    [Fact]
    public async Task Waiting_after_a_refusal_ends_when_what_was_refused_has_room()
    {
        BufferMemory memory = new(100);
        Assert.True(memory.TryReserve(30));
        Assert.False(memory.TryReserve(90));
        Assert.True(memory.IsExhausted);
        Task wait = memory.WaitAsync(CancellationToken.None).AsTask();
        memory.Release(10);
        Assert.False(wait.IsCompleted);
        memory.Release(10);
        await wait.WaitAsync(Fakes.Wait.Limit);
        Assert.True(memory.TryReserve(90));
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_there_is_room()
    {
        BufferMemory memory = new(100);
        await memory.WaitAsync(CancellationToken.None);
        Assert.False(memory.IsExhausted);
    }

    [Fact]
    public async Task A_cancelled_wait_throws_and_leaves_the_others_waiting()
    {
        BufferMemory memory = new(100);
        Assert.True(memory.TryReserve(100));
        using CancellationTokenSource cancel = new();
        Task cancelled = memory.WaitAsync(cancel.Token).AsTask();
        Task other = memory.WaitAsync(CancellationToken.None).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(other.IsCompleted);
        memory.Release(100);
        await other.WaitAsync(Fakes.Wait.Limit);
    }

    [Fact]
    public async Task Many_threads_reserve_and_release_without_losing_a_wake_up()
    {
        BufferMemory memory = new(1000);
        async Task RunAsync()
        {
            for (int i = 0; i < 2000; i++)
            {
                while (!memory.TryReserve(300))
                {
                    await memory.WaitAsync(CancellationToken.None);
                }

                await Task.Yield();
                memory.Release(300);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(RunAsync))).WaitAsync(Fakes.Wait.Limit);
        Assert.Equal(0, memory.UsedBytes);
    }
}
