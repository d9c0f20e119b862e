using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Partitions;

/// <summary>Threads that register, move the offset, remove and fail at the same time; every wait must end exactly once.</summary>
public sealed class OffsetWaitersStressTests
{
    private const int WaitersPerThread = 20_000;

    [Fact]
    public async Task Every_wait_ends_once_while_two_flushers_move_the_offset()
    {
        using var test = new TestPartition();
        var partition = test.Partition;
        var next = 0L;
        var isDone = false;
        var endings = new OnceWaiter[2 * WaitersPerThread];
        void Produce(int first)
        {
            for (var i = first; i < first + WaitersPerThread; i++)
            {
                var end = Interlocked.Increment(ref next);
                endings[i] = new OnceWaiter(end);
                if (!partition.TryWaitForDurable(endings[i], end))
                {
                    endings[i].End();
                }
            }
        }
        void Flush()
        {
            while (!Volatile.Read(ref isDone))
            {
                test.MoveDurableEnd(Volatile.Read(ref next));
            }
            test.MoveDurableEnd(Volatile.Read(ref next));
        }

        var flushers = new[] { OnThread(Flush), OnThread(Flush) };
        await Task.WhenAll(OnThread(() => Produce(0)), OnThread(() => Produce(WaitersPerThread)));
        Volatile.Write(ref isDone, true);
        await Task.WhenAll(flushers);

        Assert.All(endings, waiter => Assert.Equal(1, waiter.EndingsCount));
        Assert.All(endings, waiter => Assert.False(waiter.WasEarly));
        Assert.Equal(0, partition.DurableWaitersCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_waiter_taken_out_is_never_called_afterwards(int seed)
    {
        using var test = new TestPartition();
        var partition = test.Partition;
        var random = new Random(seed);
        var reached = 0L;
        var isDone = false;
        var flusher = OnThread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                test.MoveDurableEnd(Interlocked.Increment(ref reached));
            }
        });

        // One recycled object for every wait: a late call for an earlier wait would be counted to a later one.
        var waiter = new RecycledWaiter();
        for (var i = 0; i < WaitersPerThread; i++)
        {
            waiter.Begin();
            var end = Volatile.Read(ref reached) + random.Next(0, 4);
            var isWaiting = partition.TryWaitForDurable(waiter, end);
            var wasTakenOut = partition.RemoveWaiter(waiter) > 0;
            var calls = waiter.Finish();
            Assert.True(calls == (isWaiting && !wasTakenOut ? 1 : 0), $"seed {seed}, wait {i}: {calls} call(s)");
        }
        Volatile.Write(ref isDone, true);
        await flusher;

        Assert.Equal(0, waiter.StrayCallsCount);
    }

    [Fact]
    public async Task A_failure_ends_every_wait_that_the_offset_did_not()
    {
        for (var round = 0; round < 50; round++)
        {
            using var test = new TestPartition();
            var partition = test.Partition;
            var waiters = Enumerable.Range(1, 200).Select(end => new OnceWaiter(end)).ToArray();
            using var start = new Barrier(3);
            await Task.WhenAll(
                OnThread(() =>
                {
                    start.SignalAndWait();
                    foreach (var waiter in waiters)
                    {
                        if (!partition.TryWaitForHighWatermark(waiter, waiter.EndOffset))
                        {
                            waiter.End();
                        }
                    }
                }),
                OnThread(() =>
                {
                    start.SignalAndWait();
                    for (var offset = 1; offset <= 100; offset++)
                    {
                        test.MoveDurableEnd(offset);
                    }
                }),
                OnThread(() =>
                {
                    start.SignalAndWait();
                    test.FailLog();
                }));

            Assert.All(waiters, waiter => Assert.Equal(1, waiter.EndingsCount));
            Assert.Equal(0, partition.HighWatermarkWaitersCount);
        }
    }

    private static Task OnThread(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class OnceWaiter(long endOffset) : IOffsetWaiter
    {
        private int _endingsCount;

        public long EndOffset => endOffset;

        public int EndingsCount => Volatile.Read(ref _endingsCount);

        public bool WasEarly { get; private set; }

        public void End() => Interlocked.Increment(ref _endingsCount);

        public void OnOffsetReached(Partition p)
        {
            WasEarly |= p.HighWatermark < endOffset;
            End();
        }

        public void OnPartitionFailed(Partition p, ErrorCode error) => End();
    }

    private sealed class RecycledWaiter : IOffsetWaiter
    {
        private int _isInUse;
        private int _callsCount;
        private int _strayCallsCount;

        public int StrayCallsCount => Volatile.Read(ref _strayCallsCount);

        public void Begin()
        {
            Volatile.Write(ref _callsCount, 0);
            Volatile.Write(ref _isInUse, 1);
        }

        public int Finish()
        {
            Volatile.Write(ref _isInUse, 0);
            return Volatile.Read(ref _callsCount);
        }

        public void OnOffsetReached(Partition p)
        {
            if (Volatile.Read(ref _isInUse) == 0)
            {
                Interlocked.Increment(ref _strayCallsCount);
            }
            Interlocked.Increment(ref _callsCount);
        }

        public void OnPartitionFailed(Partition p, ErrorCode error) => Interlocked.Increment(ref _strayCallsCount);
    }
}
