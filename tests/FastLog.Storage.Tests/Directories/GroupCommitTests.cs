using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

public sealed class GroupCommitTests
{
    private const int Logs = 20;
    private const int Writers = 4;
    private const int AppendsPerWriter = 300;

    [Fact]
    public async Task Many_writers_on_many_logs_all_hear_of_their_durability_and_none_too_early()
    {
        SimulatedFileSystem disk = new(1);
        LogDirectory directory = LogDirectory.Open("/data", LogStand.Options, disk, new ManualClock(), NullLogger.Instance);
        LogConfig config = new() { SegmentBytes = 5000 };
        Waiter[] waiters = new Waiter[Logs];
        for (int i = 0; i < Logs; i++)
        {
            PartitionLog log = directory.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, config);
            log.Listener = waiters[i] = new Waiter(log);
        }
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => Write(waiters, writer))));

        (long rounds, long flushes) = directory.FlushCounts;
        Assert.InRange(rounds, 1, flushes);
        long[] acknowledged = [.. waiters.Select(waiter => waiter.Log.DurableEndOffset)];
        Assert.Equal(Writers * AppendsPerWriter, acknowledged.Sum());

        // The thread belongs to the machine that stops; what was acknowledged is there without it.
        directory.StopFlusher();
        disk.Crash(survival: 0);
        await using LogDirectory again = LogDirectory.Open("/data", LogStand.Options, disk, new ManualClock(), NullLogger.Instance);
        for (int i = 0; i < Logs; i++)
            Assert.Equal(acknowledged[i], again.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, config).LogEndOffset);
    }

    private static void Write(Waiter[] waiters, int writer)
    {
        Random random = new(writer);
        for (int i = 0; i < AppendsPerWriter; i++)
        {
            Waiter waiter = waiters[random.Next(waiters.Length)];
            AppendResult result = waiter.Log.Append(TestBatches.Sequence(TestBatches.Make(1)), AppendOrigin.Client, 0);
            Assert.Equal(AppendError.None, result.Error);
            waiter.WaitFor(result.LastOffset + 1);
            Assert.True(waiter.Log.DurableEndOffset > result.LastOffset);
        }
    }

    private sealed class Waiter(PartitionLog log) : ILogListener
    {
        private readonly object _gate = new();
        private long _durable;

        public PartitionLog Log => log;

        public void WaitFor(long offset)
        {
            lock (_gate)
            {
                while (_durable < offset)
                    Assert.True(Monitor.Wait(_gate, TimeSpan.FromSeconds(30)), "never became durable");
            }
        }

        public void OnAppended(PartitionLog log, long logEndOffset)
        {
        }

        public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
        {
            lock (_gate)
            {
                _durable = Math.Max(_durable, durableEndOffset);
                Monitor.PulseAll(_gate);
            }
        }

        public void OnFailed(PartitionLog log, Exception failure)
        {
        }
    }

    [Fact]
    public void One_round_covers_all_that_was_appended_before_it()
    {
        LogStand stand = new();
        for (int i = 0; i < 100; i++)
            stand.MustAppend(TestBatches.Make(1));
        int before = stand.Simulation!.Steps.GetValueOrDefault("fdatasync");
        stand.Flush();
        Assert.Equal(before + 1, stand.Simulation.Steps["fdatasync"]);
        Assert.Equal(100, stand.Log.DurableEndOffset);
        stand.Flush();
        Assert.Equal(before + 1, stand.Simulation.Steps["fdatasync"]);
    }
}
