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

    [Fact]
    public async Task Small_appends_to_many_logs_share_one_sync()
    {
        LogStand stand = new(logs: Logs);
        AppendToAll(stand);
        // The logs are new: their names are synced first, one by one.
        stand.Flush();
        for (int round = 0; round < 3; round++)
        {
            AppendToAll(stand);
            stand.Flush();
        }
        int before = stand.Simulation!.Steps["fdatasync"];
        AppendToAll(stand);
        stand.Flush();
        Assert.Equal(before + 1, stand.Simulation.Steps["fdatasync"]);
        Assert.All(stand.Logs, log => Assert.Equal((5, 0), (log.DurableEndOffset, log.RecoveryPoint)));

        stand.Directory.CheckpointRecoveryPoints();
        Assert.All(stand.Logs, log => Assert.Equal(5, log.RecoveryPoint));
        AppendToAll(stand);
        stand.Flush();
        stand.CutPower(survival: 0);
        Assert.All(stand.Logs, log => Assert.Equal(6, log.LogEndOffset));
        await stand.RestartCleanly();
        Assert.All(stand.Logs, log => Assert.Equal(6, LogStand.ReadAll(log).Count));
    }

    [Fact]
    public void A_journal_left_by_a_directory_that_keeps_none_any_more_is_still_replayed()
    {
        LogStand stand = new(logs: 2);
        AppendToAll(stand);
        stand.Flush();
        AppendToAll(stand);
        stand.Flush();
        stand.Simulation!.Crash(survival: 0);
        LogStand without = new(stand.Simulation, logs: 2, options: LogStand.Options with { CommitJournalBytes = 0 });
        Assert.All(without.Logs, log => Assert.Equal(2, log.LogEndOffset));
    }

    [Fact]
    public void A_damaged_journal_header_is_an_error_and_no_loss()
    {
        LogStand stand = new(logs: 2);
        for (int i = 0; i < 3; i++)
        {
            AppendToAll(stand);
            stand.Flush();
        }
        string path = Path.Combine(stand.RootPath, CommitJournal.FileName);
        stand.Simulation!.Crash(survival: 0);
        stand.Simulation.FlipBit(path, 9, 3);
        stand.Simulation.FlipBit(path, 521, 3);
        LogCorruptException damage = Assert.Throws<LogCorruptException>(stand.Start);
        Assert.Equal(path, damage.Path);
        stand.Simulation.FlipBit(path, 9, 3);
        stand.Start();
        Assert.All(stand.Logs, log => Assert.Equal(3, log.LogEndOffset));
    }

    [Fact]
    public void Bytes_of_a_log_that_was_cut_since_the_flusher_looked_are_not_journaled()
    {
        LogStand stand = new();
        stand.Flush();
        stand.MustAppend(TestBatches.Make(1, "cut"));
        Assert.True(stand.Log.TryBeginFlush(out PendingFlush flush));
        stand.Log.TruncateTo(0);
        stand.MustAppend(TestBatches.Make(1, "new"));
        using CommitJournal journal = new(stand.Files, stand.RootPath, 10_000);
        Span<PendingFlush> flushes = [flush];
        Assert.True(journal.TryCommit(flushes));
        Assert.False(flushes[0].IsCommitted);
        stand.Log.CompleteFlush(flushes[0], isInFile: false);
        Assert.Equal(0, stand.Log.DurableEndOffset);
    }

    [Fact]
    public async Task Cuts_between_group_commits_are_never_undone_by_a_crash()
    {
        int seed = Environment.TickCount;
        for (int round = 0; round < 40; round++)
            await CutUnderCommits(seed + round);
    }

    private static async Task CutUnderCommits(int seed)
    {
        SimulatedFileSystem disk = new(seed);
        LogDirectory directory = LogDirectory.Open("/data", LogStand.Options, disk, new ManualClock(), NullLogger.Instance);
        LogConfig config = new() { SegmentBytes = 50_000 };
        PartitionLog[] logs = [.. Enumerable.Range(0, 4).Select(i => directory.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, config))];
        List<byte[]>[] written = await Task.WhenAll(logs.Select((log, i) => Task.Run(() => AppendAndCut(log, new Random(seed * 4 + i)))));
        long[] durable = [.. logs.Select(log => log.DurableEndOffset)];
        directory.StopFlusher();
        disk.Crash(survival: 0);
        await using LogDirectory again = LogDirectory.Open("/data", LogStand.Options, disk, new ManualClock(), NullLogger.Instance);
        for (int i = 0; i < logs.Length; i++)
        {
            List<byte[]> found = LogStand.ReadAll(again.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, config));
            Assert.True(found.Count >= durable[i], $"seed {seed}, log {i}: {durable[i]} durable, {found.Count} found");
            Assert.True(found.SequenceEqual(written[i].Take(found.Count), ByteArrays), $"seed {seed}, log {i}: other records than those written");
        }
    }

    // Batches of one record: the n-th batch is offset n. The epoch tells a batch from the one that a cut took away.
    private static List<byte[]> AppendAndCut(PartitionLog log, Random random)
    {
        List<byte[]> batches = [];
        for (int i = 0; i < 60; i++)
        {
            if (random.Next(6) > 0)
            {
                byte[] batch = TestBatches.Make(1, $"{i}");
                log.Append(TestBatches.Sequence(batch), AppendOrigin.Client, leaderEpoch: i);
                batches.Add(TestBatches.Stored(batch, batches.Count, i));
                continue;
            }
            int keep = random.Next(batches.Count + 1);
            log.TruncateTo(keep);
            batches.RemoveRange(keep, batches.Count - keep);
        }
        return batches;
    }

    private static EqualityComparer<byte[]> ByteArrays { get; } =
        EqualityComparer<byte[]>.Create((left, right) => left.AsSpan().SequenceEqual(right), bytes => bytes.Length);

    private static void AppendToAll(LogStand stand)
    {
        foreach (PartitionLog log in stand.Logs)
            Assert.Equal(AppendError.None, log.Append(TestBatches.Sequence(TestBatches.Make(1)), AppendOrigin.Client, 0).Error);
    }
}
