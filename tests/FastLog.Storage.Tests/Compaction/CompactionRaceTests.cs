using FastLog.Records;
using FastLog.Storage.Inspection;

namespace FastLog.Storage.Tests;

/// <summary>Cleanings that meet damage the CRC does not cover, or a log that changes at the worst moment.</summary>
public sealed class CompactionRaceTests
{
    private static LogStand Stand(LogConfig? config = null) =>
        new(config: (config ?? new LogConfig()) with { IsCompacted = true });

    private static void Seal(LogStand stand)
    {
        stand.Log.Roll();
        stand.Flush();
    }

    private static CleanerRun Clean(LogStand stand) => stand.Directory.Clean(stand.Log, long.MaxValue);

    private static long CleanedOffset(LogStand stand) => ((ILogHome)stand.Directory).CleanedOffset(LogStand.Partition);

    private static string[] Names(LogStand stand) => [.. stand.Files.ListFiles(Path.GetDirectoryName(stand.LogPath(0, ""))!)];

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 3)]
    public void A_flipped_base_offset_is_damage_although_the_CRC_does_not_cover_it(int batch, int bit)
    {
        LogStand stand = Stand();
        for (int i = 0; i < 3; i++)
            stand.MustAppend(CompactionRecords.Batch("a", $"{i}"));
        Seal(stand);
        string path = stand.LogPath(0, SegmentNames.Log);
        RecordBatchHeader.TryRead(stand.Simulation!.ReadAll(path), out RecordBatchHeader header);
        stand.Simulation.FlipBit(path, batch * (int)header.TotalSizeInBytes + 7, bit);
        byte[] before = stand.Simulation.ReadAll(path);
        LogCorruptException damage = Assert.Throws<LogCorruptException>(() => Clean(stand));
        Assert.Contains(path, damage.Message, StringComparison.Ordinal);
        Assert.Equal(before, stand.Simulation.ReadAll(path));
        Assert.Equal(0, CleanedOffset(stand));
    }

    [Fact]
    public void Records_that_cannot_be_read_are_reported_with_file_and_position()
    {
        LogStand stand = Stand();
        stand.MustAppend(CompactionRecords.Batch("a", "1"));
        byte[] broken = CompactionRecords.Batch("b", "2");
        int position = broken.Length;
        broken[RecordBatchHeader.SizeInBytes] += 2;
        RecordBatchHeader.RecomputeCrc(broken);
        RecordBatchHeader.WriteBaseOffset(broken, 1);
        stand.MustAppend(broken, AppendOrigin.Replication);
        Seal(stand);
        LogCorruptException damage = Assert.Throws<LogCorruptException>(() => Clean(stand));
        Assert.Contains(stand.LogPath(0, SegmentNames.Log), damage.Message, StringComparison.Ordinal);
        Assert.Contains($"position {position}", damage.Message, StringComparison.Ordinal);
    }

    // The flusher looks for unsynced segments from the newest back to the first one that is synced.
    [Fact]
    public void A_cleaned_segment_hides_no_unsynced_one_before_it()
    {
        LogStand stand = Stand(new LogConfig { SegmentBytes = 200, FlushMessages = 1000 });
        foreach (string key in new[] { "a", "b", "c", "c", "c", "c" })
            stand.MustAppend(CompactionRecords.Batch(key, "1"));
        stand.Log.Roll();
        Assert.False(stand.Log.CurrentSegments[0].IsSealedAndSynced);
        Clean(stand);
        Assert.Equal(3, CompactionRecords.Of(stand.ReadAll()).Count);
        stand.Flush();
        Assert.All(stand.Log.CurrentSegments[..^1], segment => Assert.True(segment.IsSealedAndSynced));
    }

    [Fact]
    public async Task A_transaction_aborted_in_a_cleaned_segment_that_a_cut_made_the_newest_is_remembered()
    {
        LogStand stand = Stand();
        stand.MustAppend(CompactionRecords.Batch("a", "1"));
        stand.MustAppend(CompactionRecords.Batch("b", "2"));
        stand.MustAppend(CompactionRecords.Batch("a", "3"));
        stand.MustAppend(CompactionRecords.Batch("c", "4"));
        Seal(stand);
        Clean(stand);
        stand.Log.TruncateTo(3);
        stand.MustAppend(CompactionRecords.Batch([("x", "1")], producerId: 100, baseSequence: 0, isTransactional: true)); // 3
        stand.MustAppend(TestBatches.MakeMarker(100, 0, committed: false, coordinatorEpoch: 1), AppendOrigin.Coordinator); // 4
        await stand.RestartCleanly();
        List<AbortedTransaction> aborted = [];
        stand.Log.AbortedTransactions(0, 10, aborted);
        Assert.Equal([new AbortedTransaction(100, 3)], aborted);
    }

    // All keys are different, so nothing is swapped, which would notice.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cleaning_that_ends_behind_a_cut_or_a_deletion_leaves_no_checkpoint(bool isDeleted)
    {
        LogStand stand = Stand();
        for (int i = 0; i < 20; i++)
            stand.MustAppend(CompactionRecords.Batch($"k{i}", "1"));
        Seal(stand);
        Func<bool> isDone = stand.OnFirst("unlink", ".log.cleaned", isDeleted ? stand.Delete : () => stand.Log.TruncateTo(10));
        CleanerRun run = Clean(stand);
        Assert.Equal((CleanerOutcome.LogChanged, true), (run.Outcome, isDone()));
        Assert.Equal(0, CleanedOffset(stand));
    }

    [Fact]
    public void A_cleaning_of_a_deleted_log_makes_no_files_in_the_directory_of_the_next_one()
    {
        LogStand stand = Stand(new LogConfig { SegmentBytes = 200 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(CompactionRecords.Batch($"k{i}", "1"));
        Seal(stand);
        Func<bool> isDone = stand.OnFirst("unlink", ".log.cleaned", () =>
        {
            stand.Delete();
            stand.Directory.CreateOrOpen(LogStand.Partition, Guid.NewGuid(), stand.Config);
        });
        Assert.Equal(CleanerOutcome.LogChanged, Clean(stand).Outcome);
        Assert.True(isDone());
        Assert.DoesNotContain(Names(stand), name => name.Contains(".cleaned", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stop_amid_the_first_cleaning_leaves_nothing_that_looks_like_missing_records()
    {
        LogStand stand = Stand(new LogConfig { SegmentBytes = 200 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(CompactionRecords.Batch("a", "1"));
        Seal(stand);
        bool hasSwapped = false;
        stand.Simulation!.Fault = (call, path) =>
        {
            hasSwapped |= call == "rename" && path.EndsWith(".log.swap", StringComparison.Ordinal);
            return hasSwapped && path.Contains("cleaner-offset-checkpoint", StringComparison.Ordinal) ? throw new OperationCanceledException() : 0;
        };
        Assert.Throws<OperationCanceledException>(() => Clean(stand));
        stand.Simulation.Fault = null;
        stand.Kill();
        Assert.Single(CompactionRecords.Of(stand.ReadAll()), record => record.Offset < stand.Log.ActiveSegmentBaseOffset);
        List<Finding> findings = [];
        LogVerifier.Verify(stand.Files, stand.RootPath, findings.Add);
        Assert.DoesNotContain(findings, finding => finding.Severity == FindingSeverity.Error);
    }

    // The indexes of a segment are read before its log.
    [Fact]
    public void A_segment_replaced_between_the_looks_at_its_files_is_no_damage()
    {
        LogStand stand = Stand(new LogConfig { IndexIntervalBytes = 1 });
        for (int i = 0; i < 20; i++)
            stand.MustAppend(CompactionRecords.Batch($"k{i % 7}", $"{i}"));
        Seal(stand);
        bool isDone = false;
        stand.Simulation!.Fault = (call, path) =>
        {
            if (!isDone && call == "open" && path == stand.LogPath(0, SegmentNames.Log))
            {
                isDone = true;
                Clean(stand);
            }
            return 0;
        };
        List<Finding> findings = [];
        VerificationSummary summary = LogVerifier.Verify(stand.Files, stand.RootPath, findings.Add);
        Assert.True(isDone);
        Assert.Equal((0, 7, 1), (summary.ErrorsCount, summary.RecordsCount, summary.PartitionsCount));
        Assert.DoesNotContain(findings, finding => finding.Severity == FindingSeverity.Error);
    }
}
