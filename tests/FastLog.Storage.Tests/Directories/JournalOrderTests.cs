namespace FastLog.Storage.Tests;

/// <summary>Moments at which the commit journal, the segments' files and the checkpoints must not contradict each other.</summary>
public sealed class JournalOrderTests
{
    [Fact]
    public async Task A_log_made_anew_under_the_same_topic_id_does_not_get_the_old_ones_journaled_bytes()
    {
        LogStand stand = new(logs: 2);
        AppendToAll(stand, "aaaaaaaaaaaaaaaaaaaaaaaaaa");
        stand.Flush();
        AppendToAll(stand, "old");
        stand.Flush();
        Assert.True(stand.Log.RecoveryPoint < stand.Log.DurableEndOffset);
        await stand.Directory.DeleteAsync(LogStand.Partition);
        stand.Logs[0] = stand.Directory.CreateOrOpen(LogStand.Partition, LogStand.TopicId, stand.Config);
        for (int i = 0; i < 4; i++)
            stand.MustAppend(TestBatches.Make(1, "new" + i));
        stand.Flush();
        List<byte[]> written = stand.ReadAll();
        stand.CutPower(survival: 0);
        Assert.Equal(written, stand.ReadAll());
    }

    [Fact]
    public void What_was_looked_at_before_a_deletion_is_not_journaled_after_it()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.MustAppend(TestBatches.Make(1));
        Assert.True(stand.Log.TryBeginFlush(out PendingFlush flush));
        using SegmentFile reader = stand.Log.CurrentSegments[^1].Log.Acquire();
        stand.Log.Abandon();
        using CommitJournal journal = new(stand.Files, stand.RootPath, 10_000);
        Span<PendingFlush> flushes = [flush];
        Assert.True(journal.TryCommit(flushes));
        Assert.False(flushes[0].IsCommitted);
    }

    // The half of the journal is written anew: a crash tears that, and what was forgotten in it must stay so.
    [Fact]
    public void A_torn_beginning_of_a_half_does_not_bring_back_what_was_forgotten_in_it()
    {
        for (int seed = 0; seed < 40; seed++)
            ForgetThenTear(seed);
    }

    private static void ForgetThenTear(int seed)
    {
        const int HalfBytes = 4096;
        LogStand stand = new(seed: seed, logs: 3, options: LogStand.Options with { CommitJournalBytes = 2 * HalfBytes });
        AppendToAll(stand, "first");
        stand.Flush();
        // Long enough for the entry that forgets it to lie in another sector.
        AppendToAll(stand, "journaled and cut" + new string('x', 300));
        stand.Flush();
        stand.Log.TruncateTo(1);
        stand.MustAppend(TestBatches.Make(1, "instead", timestampMs: ManualClock.StartMs), leaderEpoch: 1);
        stand.Flush();
        List<byte[]> written = stand.ReadAll();
        // Both halves come round; the logs catch up each time.
        int rounds = 0;
        bool isTorn = false;
        string journal = Path.Combine(stand.RootPath, CommitJournal.FileName);
        while (!isTorn)
        {
            Assert.True(++rounds < 200, "the journal never came round");
            foreach (PartitionLog log in stand.Logs.AsSpan(1))
                log.Append(TestBatches.Sequence(TestBatches.Make(1, new string('x', 1200))), AppendOrigin.Client, 0);
            // The first write of a round that begins at the first half again is the one to be torn.
            long before = stand.Directory.JournalPosition;
            int syncs = 0;
            stand.Simulation!.Fault = (call, path) =>
            {
                if (call != "fdatasync" || path != journal || stand.Directory.JournalPosition >= before)
                    return 0;
                syncs++;
                return DiskException.InputOutputError;
            };
            stand.Flush();
            stand.Simulation.Fault = null;
            isTorn = syncs > 0;
            stand.Directory.RunCatchUp();
        }
        stand.CutPower(survival: 0.5);
        List<byte[]> found = stand.ReadAll();
        Assert.True(written.Count == found.Count && written.Zip(found).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)), $"seed {seed}");
    }

    [Fact]
    public void A_log_that_catches_up_before_its_round_is_counted_is_synced_all_the_same()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.MustAppend(TestBatches.Make(1));
        Assert.True(stand.Log.TryBeginFlush(out PendingFlush flush));
        using (CommitJournal journal = new(stand.Files, stand.RootPath, 10_000))
        {
            Span<PendingFlush> flushes = [flush];
            Assert.True(journal.TryCommit(flushes));
            // A cut of another log may fill the half right now.
            stand.Log.CatchUp();
            stand.Log.CompleteFlush(flushes[0], isInFile: false);
        }
        Assert.Equal(2, stand.Log.DurableEndOffset);
        stand.Files.DeleteFile(Path.Combine(stand.RootPath, CommitJournal.FileName));
        stand.Files.SyncDirectory(stand.RootPath);
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Fact]
    public void Bytes_written_while_a_sync_runs_are_not_taken_for_synced()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1));
        bool isFirst = true;
        stand.Simulation!.Fault = (call, path) =>
        {
            if (call == "pwrite" && path.EndsWith(SegmentNames.Log, StringComparison.Ordinal) && isFirst)
            {
                isFirst = false;
                stand.Flush();
            }
            return 0;
        };
        stand.MustAppend(TestBatches.Make(1));
        stand.Simulation.Fault = null;
        Assert.Equal(1, stand.Log.DurableEndOffset);
        stand.Directory.CloseIdleFiles();
        stand.Directory.CloseIdleFiles();
        stand.Flush();
        Assert.Equal(2, stand.Log.DurableEndOffset);
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    // Nor by one of the journal: what is read of the file for it may not be what was written.
    [Theory]
    [InlineData(false, DiskException.InputOutputError)]
    [InlineData(true, DiskException.InputOutputError)]
    [InlineData(true, DiskException.OutOfSpace)]
    public void A_failed_sync_is_not_made_good_by_another_one(bool hasJournal, int error)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(1));
        IFile file = stand.Log.CurrentSegments[^1].Log.File;
        stand.Simulation!.Fault = (call, _) => call == "fdatasync" ? error : 0;
        Assert.Throws<DiskException>(file.FlushData);
        stand.Simulation.Fault = null;
        Assert.Throws<DiskException>(file.FlushData);
        stand.Flush();
        Assert.True(stand.Directory.IsOffline);
        Assert.Equal(0, stand.Log.DurableEndOffset);
    }

    [Fact]
    public void A_cut_while_recovery_points_are_written_is_not_overrun_by_them()
    {
        LogStand stand = new(logs: 2);
        for (int i = 0; i < 5; i++)
            AppendToAll(stand, "v");
        stand.Flush();
        WhileRecoveryPointsAreWritten(stand, log => log.TruncateTo(2));
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Logs.Min(log => log.LogEndOffset));
    }

    [Fact]
    public void A_deletion_while_recovery_points_are_written_leaves_none_to_the_next_log_of_the_name()
    {
        LogStand stand = new(logs: 2);
        for (int i = 0; i < 5; i++)
            AppendToAll(stand, "v");
        stand.Flush();
        WhileRecoveryPointsAreWritten(stand, log =>
        {
            Assert.True(stand.Directory.DeleteAsync(log.Partition).AsTask().IsCompletedSuccessfully);
            stand.Logs[log.Partition.Partition] = stand.Directory.CreateOrOpen(log.Partition, LogStand.TopicId, stand.Config);
        });
        stand.CutPower(survival: 0);
        Assert.Equal(0, stand.Logs.Min(log => log.LogEndOffset));
    }

    // The epochs of one log are written after the point of the other one was taken, or of its own.
    private static void WhileRecoveryPointsAreWritten(LogStand stand, Action<PartitionLog> act)
    {
        string? seen = null;
        stand.Simulation!.Fault = (call, path) =>
        {
            if (call != "rename" || !path.Contains(LeaderEpochFile.Name, StringComparison.Ordinal))
                return 0;
            string log = Path.GetDirectoryName(path)!;
            if (seen is not null && seen != log)
            {
                stand.Simulation.Fault = null;
                act(stand.Logs.Single(other => other.DirectoryPath == seen));
            }
            seen = log;
            return 0;
        };
        stand.Directory.CheckpointRecoveryPoints();
        Assert.Null(stand.Simulation.Fault);
    }

    [Fact]
    public void A_log_made_just_before_the_process_was_killed_outlives_the_power_cut_after()
    {
        LogStand stand = new();
        stand.Kill();
        stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        Assert.Equal(1, stand.Log.DurableEndOffset);
        stand.CutPower(survival: 0);
        Assert.Equal(1, stand.Log.LogEndOffset);
    }

    // The first two are committed in the file: there is too much of them for a log alone in the journal. The third is in
    // the journal only, and as long as the first: were the emptiness not synced, the second would be found behind it.
    [Fact]
    public void A_file_found_empty_after_a_kill_is_empty_for_good()
    {
        LogStand stand = new(logs: 2);
        int length = CommitRound.SingleLogBytesMax / 2;
        stand.MustAppend(TestBatches.Make(1, new string('a', length)));
        stand.MustAppend(TestBatches.Make(1, new string('b', length)));
        stand.Flush();
        Assert.Equal(2, stand.Log.RecoveryPoint);
        EmptyFile(stand);
        stand.Kill();
        Assert.Equal(0, stand.Log.LogEndOffset);
        AppendToAll(stand, new string('c', length));
        stand.Flush();
        Assert.Equal((1, 0), (stand.Log.DurableEndOffset, stand.Log.RecoveryPoint));
        stand.CutPower(survival: 0);
        Assert.Equal(1, stand.Log.LogEndOffset);
    }

    [Fact]
    public void A_file_found_empty_after_a_kill_is_filled_again_with_what_the_journal_vouches_for()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1, "a"));
        stand.MustAppend(TestBatches.Make(1, "b"));
        stand.Flush();
        Assert.Equal((2, 0), (stand.Log.DurableEndOffset, stand.Log.RecoveryPoint));
        List<byte[]> written = stand.ReadAll();
        EmptyFile(stand);
        stand.Kill();
        Assert.Equal(written, stand.ReadAll());
        stand.MustAppend(TestBatches.Make(1, "c"));
        stand.Flush();
        written = stand.ReadAll();
        stand.CutPower(survival: 0);
        Assert.Equal(3, stand.Log.LogEndOffset);
        Assert.Equal(written, stand.ReadAll());
    }

    private static void EmptyFile(LogStand stand)
    {
        using IFile file = stand.Files.Open(stand.LogPath(0, SegmentNames.Log), FileOpenMode.ReadWrite);
        file.Truncate(0);
    }

    [Fact]
    public void A_half_is_not_freed_by_who_caught_up_before_all_began_anew()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1, new string('x', 600)));
        Assert.True(stand.Log.TryBeginFlush(out PendingFlush flush));
        List<long> full = [];
        using CommitJournal journal = new(stand.Files, stand.RootPath, 1500) { OnHalfFull = (number, _) => full.Add(number) };
        FillUntil(() => full.Count == 1);
        journal.Clear();
        FillUntil(() => full.Count == 2);
        journal.Free(full[0]);
        Assert.False(journal.TryCommit([flush]));
        journal.Free(full[1]);
        Assert.True(journal.TryCommit([flush]));

        void FillUntil(Func<bool> isFull)
        {
            while (!isFull())
                Assert.True(journal.TryCommit([flush]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    public void A_disk_that_is_full_in_the_middle_of_a_cut_is_the_end_of_it(long offset)
    {
        LogStand stand = new();
        for (int i = 0; i < 3; i++)
            stand.MustAppend(TestBatches.Make(1));
        stand.Flush();
        stand.Simulation!.Fault = (call, path) =>
            call == "ftruncate" && path.EndsWith(SegmentNames.Log, StringComparison.Ordinal) ? DiskException.OutOfSpace : 0;
        Assert.Throws<DiskException>(() => stand.Log.TruncateTo(offset));
        Assert.True(stand.Directory.IsOffline);
        stand.Simulation.Fault = null;
        stand.CutPower(survival: 0);
        Assert.InRange(stand.Log.LogEndOffset, offset, 3);
        Assert.Equal(stand.Log.LogEndOffset, stand.ReadAll().Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_clock_that_goes_back_does_not_put_a_flush_off(bool hasJournal)
    {
        LogStand stand = new(
            config: new LogConfig { FlushMessages = long.MaxValue, FlushMs = 1000 }, options: LogStand.OptionsOf(hasJournal));
        stand.Clock.NowMs += 5000;
        stand.MustAppend(TestBatches.Make(1));
        stand.Directory.FlushOverdue();
        stand.Flush();
        Assert.Equal((hasJournal ? 0 : 1, 1), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.Clock.NowMs -= 3_600_000;
        stand.MustAppend(TestBatches.Make(1));
        stand.Directory.FlushOverdue();
        stand.Flush();
        Assert.Equal((hasJournal ? 0 : 2, 2), (stand.Log.RecoveryPoint, stand.CommitsCount(hasJournal)));
        stand.CutPower(survival: 0);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Fact]
    public async Task A_log_that_starts_anew_knows_no_producers()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1, producerId: 7, producerEpoch: 0, baseSequence: 0));
        // The snapshot of a clean stop lies in the middle of the segment.
        await stand.RestartCleanly();
        Assert.Single(stand.Log.ActiveProducers());
        stand.Log.TruncateFullyAndStartAt(1000);
        Assert.Empty(stand.Log.ActiveProducers());
        stand.CutPower(survival: 0);
        Assert.Empty(stand.Log.ActiveProducers());
    }

    private static void AppendToAll(LogStand stand, string text)
    {
        foreach (PartitionLog log in stand.Logs)
            Assert.Equal(AppendError.None, log.Append(TestBatches.Sequence(TestBatches.Make(1, text)), AppendOrigin.Client, 0).Error);
    }
}
