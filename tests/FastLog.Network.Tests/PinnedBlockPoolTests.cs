namespace FastLog.Network.Tests;

public sealed class PinnedBlockPoolTests
{
    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 4096)]
    [InlineData(65536, 65536)]
    [InlineData(65537, 256 * 1024)]
    [InlineData(1 << 20, 1 << 20)]
    [InlineData((1 << 20) + 1, (1 << 20) + 1)]
    public void A_block_has_the_next_size_up(int wanted, int capacity)
    {
        using var pool = new PinnedBlockPool();
        using PinnedBlock block = pool.RentBlock(wanted);
        Assert.Equal(capacity, block.Capacity);
        Assert.Equal(1, pool.Outstanding);
        Assert.Equal(capacity, pool.OutstandingBytes);
    }

    [Fact]
    public void A_released_block_is_rented_again()
    {
        using var pool = new PinnedBlockPool();
        PinnedBlock first = pool.RentBlock(5000);
        first.Dispose();
        Assert.Equal(16 * 1024, pool.CachedBytes);
        using PinnedBlock second = pool.RentBlock(6000);
        Assert.Same(first, second);
        Assert.Equal(0, pool.CachedBytes);
    }

    [Fact]
    public void No_more_is_kept_than_the_bound_says()
    {
        using var pool = new PinnedBlockPool(cacheBytesMax: 100_000);
        PinnedBlock[] blocks = [.. Enumerable.Range(0, 10).Select(_ => pool.RentBlock(65536))];
        foreach (PinnedBlock block in blocks)
        {
            block.Dispose();
        }

        Assert.Equal(65536, pool.CachedBytes);
        Assert.Equal(0, pool.Outstanding);
    }

    [Fact]
    public void A_block_returns_with_its_last_owner_and_not_after()
    {
        using var pool = new PinnedBlockPool();
        PinnedBlock block = pool.RentBlock(10);
        block.Retain();
        block.Dispose();
        Assert.Equal(1, pool.Outstanding);
        block.Dispose();
        Assert.Equal(0, pool.Outstanding);
        Assert.Throws<InvalidOperationException>(block.Dispose);
    }

    [Fact]
    public void Threads_never_get_the_same_block()
    {
        using var pool = new PinnedBlockPool(cacheBytesMax: 1 << 20);
        Parallel.For(0, 4, worker =>
        {
            for (int i = 0; i < 5_000; i++)
            {
                using PinnedBlock block = pool.RentBlock(1000);
                block.Memory.Span[0] = (byte)worker;
                Assert.Equal(worker, block.Memory.Span[0]);
            }
        });
        Assert.Equal(0, pool.Outstanding);
        Assert.InRange(pool.CachedBytes, 0, 4 * 1024);
    }
}
