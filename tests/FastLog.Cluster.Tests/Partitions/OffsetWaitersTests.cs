using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Partitions;

public sealed class OffsetWaitersTests : IDisposable
{
    private readonly TestPartition _test = new();
    private readonly List<string> _calls = [];

    private Partition Partition => _test.Partition;

    [Fact]
    public void An_offset_reached_already_registers_nobody()
    {
        _test.MoveDurableEnd(10);

        Assert.False(Partition.TryWaitForDurable(Waiter("a"), 10));
        Assert.False(Partition.TryWaitForHighWatermark(Waiter("b"), 3));
        Assert.Equal(10, Partition.HighWatermark);
        Assert.Equal(10, Partition.LastStableOffset);
        Assert.Equal((0, 0), (Partition.DurableWaitersCount, Partition.HighWatermarkWaitersCount));
    }

    [Fact]
    public void A_waiter_is_called_once_when_its_offset_is_reached()
    {
        Assert.True(Partition.TryWaitForDurable(Waiter("a"), 10));

        _test.MoveDurableEnd(9);
        Assert.Empty(_calls);
        _test.MoveDurableEnd(10);
        _test.MoveDurableEnd(11);

        Assert.Equal(["a reached"], _calls);
    }

    [Fact]
    public void Waiters_are_called_by_offset_and_those_of_one_offset_in_order_of_arrival()
    {
        foreach (var (name, end) in new[] { ("c", 30L), ("a", 10L), ("b1", 20L), ("d", 40L), ("b2", 20L), ("a2", 10L) })
        {
            Assert.True(Partition.TryWaitForDurable(Waiter(name), end));
        }

        _test.MoveDurableEnd(30);

        Assert.Equal(["a reached", "a2 reached", "b1 reached", "b2 reached", "c reached"], _calls);
        Assert.Equal(1, Partition.DurableWaitersCount);
    }

    [Fact]
    public void A_report_that_comes_late_moves_nothing_back()
    {
        _test.MoveDurableEnd(20);
        _test.MoveDurableEnd(10);

        Assert.Equal(20, Partition.HighWatermark);
        Assert.False(Partition.TryWaitForDurable(Waiter("a"), 20));
    }

    [Fact]
    public void A_removed_waiter_is_not_called()
    {
        var removed = Waiter("removed");
        Assert.True(Partition.TryWaitForHighWatermark(Waiter("before"), 10));
        Assert.True(Partition.TryWaitForHighWatermark(removed, 10));
        Assert.True(Partition.TryWaitForHighWatermark(Waiter("after"), 10));

        Assert.Equal(1, Partition.RemoveWaiter(removed));
        Assert.Equal(0, Partition.RemoveWaiter(removed));
        _test.MoveDurableEnd(10);

        Assert.Equal(["before reached", "after reached"], _calls);
    }

    [Fact]
    public void Removing_tells_how_many_registrations_there_were()
    {
        var twice = Waiter("twice");
        Assert.True(Partition.TryWaitForHighWatermark(twice, 5));
        Assert.True(Partition.TryWaitForHighWatermark(twice, 10));
        Assert.True(Partition.TryWaitForHighWatermark(twice, 20));
        Assert.True(Partition.TryWaitForDurable(twice, 20));
        _test.MoveDurableEnd(5);

        Assert.Equal(3, Partition.RemoveWaiter(twice));
        _test.MoveDurableEnd(20);

        Assert.Equal(["twice reached"], _calls);
    }

    [Fact]
    public void A_waiter_may_remove_its_other_registrations_from_its_own_call()
    {
        var twice = Waiter("twice");
        twice.Then = () => Assert.Equal(1, Partition.RemoveWaiter(twice));
        Partition.TryWaitForDurable(twice, 10);
        Partition.TryWaitForDurable(twice, 10);

        _test.MoveDurableEnd(10);

        Assert.Equal(["twice reached"], _calls);
    }

    [Fact]
    public async Task Removing_during_a_call_on_another_thread_still_counts_the_other_registrations()
    {
        using var called = new ManualResetEventSlim();
        using var mayReturn = new ManualResetEventSlim();
        var twice = Waiter("twice");
        twice.Then = () =>
        {
            called.Set();
            mayReturn.Wait();
        };
        Partition.TryWaitForDurable(twice, 10);
        Partition.TryWaitForDurable(twice, 20);
        var flusher = Task.Run(() => _test.MoveDurableEnd(10));
        called.Wait();
        var removed = Task.Run(() => Partition.RemoveWaiter(twice));
        Assert.True(SpinWait.SpinUntil(() => Partition.DurableWaitersCount == 0, TimeSpan.FromSeconds(30)));
        Assert.False(removed.IsCompleted);

        mayReturn.Set();

        Assert.Equal(1, await removed);
        await flusher;
        _test.MoveDurableEnd(20);
        Assert.Equal(["twice reached"], _calls);
    }

    [Fact]
    public void A_failed_log_tells_all_who_wait_and_all_who_come()
    {
        _test.MoveDurableEnd(5);
        Assert.True(Partition.TryWaitForDurable(Waiter("a"), 10));
        Assert.True(Partition.TryWaitForHighWatermark(Waiter("b"), 10));

        _test.FailLog();
        Assert.True(Partition.TryWaitForDurable(Waiter("late"), 10));

        Assert.Equal(["a KafkaStorageError", "b KafkaStorageError", "late KafkaStorageError"], _calls);
        Assert.Equal(ErrorCode.KafkaStorageError, Partition.Failure);
        Assert.False(Partition.TryWaitForDurable(Waiter("durable already"), 5));
    }

    [Fact]
    public void The_first_failure_is_the_one_that_counts()
    {
        Partition.Fail(ErrorCode.UnknownTopicOrPartition);
        _test.FailLog();
        Partition.TryWaitForDurable(Waiter("a"), 10);

        Assert.Equal(["a UnknownTopicOrPartition"], _calls);
    }

    [Fact]
    public void A_waiter_may_wait_again_from_its_own_call()
    {
        var again = Waiter("again");
        again.Then = () => again.Then = Partition.TryWaitForDurable(again, 20) ? null : throw new InvalidOperationException();
        Assert.True(Partition.TryWaitForDurable(again, 10));

        _test.MoveDurableEnd(10);
        Assert.Equal(["again reached"], _calls);
        _test.MoveDurableEnd(20);

        Assert.Equal(["again reached", "again reached"], _calls);
    }

    [Fact]
    public void A_waiter_may_remove_another_from_its_own_call()
    {
        var victim = Waiter("victim");
        var remover = Waiter("remover");
        remover.Then = () => Assert.Equal(1, Partition.RemoveWaiter(victim));
        Partition.TryWaitForDurable(remover, 10);
        Partition.TryWaitForDurable(victim, 10);

        _test.MoveDurableEnd(10);

        Assert.Equal(["remover reached"], _calls);
    }

    [Fact]
    public void An_offset_that_moves_during_a_call_wakes_the_next_ones_after_it()
    {
        var first = Waiter("first");
        first.Then = () => _test.MoveDurableEnd(20);
        Partition.TryWaitForDurable(first, 10);
        Partition.TryWaitForDurable(Waiter("second"), 20);

        _test.MoveDurableEnd(10);

        Assert.Equal(["first reached", "second reached"], _calls);
    }

    [Fact]
    public void A_waiter_that_throws_does_not_keep_the_others_waiting()
    {
        var bad = Waiter("bad");
        bad.Then = () => throw new InvalidOperationException("a fault of the request");
        Partition.TryWaitForDurable(bad, 10);
        Partition.TryWaitForDurable(Waiter("good"), 10);

        _test.MoveDurableEnd(10);

        Assert.Equal(["bad reached", "good reached"], _calls);
    }

    [Fact]
    public void Waiting_allocates_nothing_once_the_ring_has_grown()
    {
        var waiter = new CountingWaiter();
        var offset = 0L;
        void Round()
        {
            for (var i = 0; i < 100; i++)
            {
                Partition.TryWaitForDurable(waiter, ++offset);
                Partition.TryWaitForHighWatermark(waiter, offset);
            }
            Partition.RemoveWaiter(waiter);
            Partition.TryWaitForDurable(waiter, ++offset);
            _test.MoveDurableEnd(offset);
        }

        for (var warmUp = 0; warmUp < 50; warmUp++)
        {
            Round();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(150, waiter.CallsCount);
    }

    public void Dispose() => _test.Dispose();

    private NamedWaiter Waiter(string name) => new(name, _calls);

    private sealed class NamedWaiter(string name, List<string> calls) : IOffsetWaiter
    {
        public Action? Then { get; set; }

        public void OnOffsetReached(Partition p)
        {
            calls.Add(name + " reached");
            Then?.Invoke();
        }

        public void OnPartitionFailed(Partition p, ErrorCode error) => calls.Add($"{name} {error}");
    }

    private sealed class CountingWaiter : IOffsetWaiter
    {
        public int CallsCount { get; private set; }

        public void OnOffsetReached(Partition p) => CallsCount++;

        public void OnPartitionFailed(Partition p, ErrorCode error) => CallsCount += 1000;
    }
}
