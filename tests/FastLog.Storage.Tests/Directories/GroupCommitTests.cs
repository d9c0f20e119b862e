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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_round_covers_all_that_was_appended_before_it(bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        if (hasJournal)
        {
            // The first round makes the journal, which has syncs of its own.
            stand.MustAppend(TestBatches.Make(1));
            stand.Flush();
        }
        for (long end = stand.Log.LogEndOffset; end < 100; end++)
            stand.MustAppend(TestBatches.Make(1));
        int before = stand.Simulation!.Steps.GetValueOrDefault("fdatasync");
        stand.Flush();
        Assert.Equal(before + 1, stand.Simulation.Steps["fdatasync"]);
        Assert.Equal((100, hasJournal ? 0 : 100), (stand.Log.DurableEndOffset, stand.Log.RecoveryPoint));
        stand.Flush();
        Assert.Equal(before + 1, stand.Simulation.Steps["fdatasync"]);
    }

    [Fact]
    public void A_log_alone_with_little_syncs_the_journal_and_not_its_segment()
    {
        LogStand stand = new();
        Assert.Equal([Path.Combine(stand.RootPath, CommitJournal.FileName)], SyncedByCommitOf(stand, CommitRound.SingleLogBytesMax));
        Assert.Equal(1, stand.Log.RecoveryPoint);
    }

    [Fact]
    public void A_log_alone_with_more_syncs_its_segment_and_not_the_journal()
    {
        LogStand stand = new();
        Assert.Equal([stand.LogPath(0, SegmentNames.Log)], SyncedByCommitOf(stand, CommitRound.SingleLogBytesMax + 1));
        Assert.Equal(2, stand.Log.RecoveryPoint);
    }

    // The files synced to commit a batch of so many bytes, when the log and the journal are there already.
    private static List<string> SyncedByCommitOf(LogStand stand, int sizeInBytes)
    {
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.MustAppend(BatchOf(sizeInBytes));
        List<string> synced = [];
        stand.Simulation!.Fault = (call, path) =>
        {
            if (call is "fdatasync" or "fsync")
                synced.Add(path);
            return 0;
        };
        stand.Flush();
        stand.Simulation.Fault = null;
        Assert.Equal(2, stand.Log.DurableEndOffset);
        return synced;
    }

    private static byte[] BatchOf(int sizeInBytes)
    {
        int overhead = TestBatches.Make(1, new string('x', sizeInBytes)).Length - sizeInBytes;
        byte[] batch = TestBatches.Make(1, new string('x', sizeInBytes - overhead));
        Assert.Equal(sizeInBytes, batch.Length);
        return batch;
    }

    [Fact]
    public void What_the_journal_alone_holds_of_a_log_alone_survives_a_power_cut()
    {
        LogStand stand = new();
        for (int cut = 1; cut <= 3; cut++)
        {
            long start = stand.Log.LogEndOffset;
            for (int i = 0; i < 5; i++)
            {
                stand.MustAppend(TestBatches.Make(2, $"{cut}/{i}"));
                stand.Flush();
            }
            Assert.Equal(5, stand.CommitsCount(inJournal: true));
            Assert.Equal(start, stand.Log.RecoveryPoint);
            Assert.Equal(start + 10, stand.Log.DurableEndOffset);
            List<byte[]> acknowledged = stand.ReadAll();
            // Written, and nobody was told.
            stand.MustAppend(TestBatches.Make(1, "late"));
            stand.CutPower(survival: 0);
            Assert.Equal(acknowledged, stand.ReadAll());
        }
    }

    // The journal is made, comes round, and has no room while the log has not caught up.
    [Fact]
    public void A_power_cut_at_any_step_takes_nothing_acknowledged_from_a_log_alone()
    {
        int crashes = 0;
        bool isOver = false;
        for (int steps = 0; !isOver; steps++)
        {
            LogStand stand = new(seed: steps, options: LogStand.Options with { CommitJournalBytes = 4096 });
            List<byte[]> written = [];
            long acknowledged = 0;
            stand.Simulation!.StepsToCrash = steps;
            try
            {
                for (int round = 0; round < 30; round++)
                {
                    byte[] batch = TestBatches.Make(1, $"{round}" + new string('x', 300));
                    written.Add(TestBatches.Stored(batch, round, 0));
                    stand.MustAppend(batch);
                    stand.Flush();
                    acknowledged = stand.Log.DurableEndOffset;
                    Assert.Equal(round + 1, acknowledged);
                    if (round % 9 == 8)
                        stand.Directory.RunCatchUp();
                }
                Assert.InRange(stand.CommitsCount(inJournal: true), 10, 29);
                Assert.InRange(stand.CommitsCount(inJournal: false), 1, 20);
                isOver = true;
            }
            catch (SimulatedCrashException)
            {
                crashes++;
            }
            stand.CutPower(survival: steps % 3 * 0.5);
            List<byte[]> found = stand.ReadAll();
            Assert.True(found.Count >= acknowledged, $"step {steps}: {acknowledged} acknowledged, {found.Count} found");
            Assert.True(found.SequenceEqual(written.Take(found.Count), ByteArrays), $"step {steps}: other records than those written");
        }
        Assert.InRange(crashes, 60, 1000);
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
