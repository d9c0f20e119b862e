using System.Buffers.Binary;
using FastLog.Storage.Inspection;
using Xunit.Abstractions;

namespace FastLog.Storage.Tests.Inspection;

public sealed class LogVerifierTests(ITestOutputHelper output)
{
    private const int FlipsCount = 400;

    [Fact]
    public async Task What_storage_wrote_is_sound()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.Empty(findings);
        Assert.Equal((1, 60, true), (summary.PartitionsCount, summary.BatchesCount, summary.IsSound));
        Assert.True(summary.SegmentsCount > 2);
        Assert.Equal(stand.Log.LogEndOffset, summary.RecordsCount);
        Assert.Empty(VerifiedLog.Verify(stand, stand.PathOf("")).Findings);
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_log_is_found()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        LogStand stand = await VerifiedLog.WriteAsync();
        List<string> logs = VerifiedLog.FilesOf(stand, SegmentNames.Log);
        for (int i = 0; i < FlipsCount; i++)
        {
            string path = logs[random.Next(logs.Count)];
            byte[] sound = VerifiedLog.Read(stand, path);
            byte[] damaged = [.. sound];
            // Headers are few of the bytes and have the fields that no CRC covers: half of the flips go there.
            int at = i % 2 == 0 ? random.Next(sound.Length) : random.Next(61);
            int bit = random.Next(8);
            damaged[at] ^= (byte)(1 << bit);
            VerifiedLog.Write(stand, path, damaged);
            (VerificationSummary summary, _) = VerifiedLog.Verify(stand);
            Assert.False(summary.IsSound, $"seed {seed}: bit {bit} of byte {at} in {path} was not found");
            VerifiedLog.Write(stand, path, sound);
        }
        Assert.Empty(VerifiedLog.Verify(stand).Findings);
    }

    [Theory]
    [InlineData(SegmentNames.Index)]
    [InlineData(SegmentNames.TimeIndex)]
    [InlineData(SegmentNames.Snapshot)]
    public async Task Flipped_bits_beside_the_log_are_found(string suffix)
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        LogStand stand = await VerifiedLog.WriteAsync();
        List<string> paths = [.. VerifiedLog.FilesOf(stand, suffix).Where(path => VerifiedLog.Read(stand, path).Length > 0)];
        Assert.NotEmpty(paths);
        for (int i = 0; i < FlipsCount / 4; i++)
        {
            string path = paths[random.Next(paths.Count)];
            byte[] sound = VerifiedLog.Read(stand, path);
            byte[] damaged = [.. sound];
            int at = random.Next(sound.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            VerifiedLog.Write(stand, path, damaged);
            (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
            // An entry's offset may be moved to the end of a later batch, or within its batch, which is as true.
            bool isOffset = suffix == SegmentNames.Index && at % 8 < 4 || suffix == SegmentNames.TimeIndex && at % 12 >= 8;
            bool isHarmless = isOffset && findings.Count == 0;
            Assert.True(!summary.IsSound || isHarmless, $"seed {seed}: a flip in byte {at} of {path} was not found");
            VerifiedLog.Write(stand, path, sound);
        }
    }

    [Theory]
    [InlineData(true, FindingSeverity.Error)]
    [InlineData(false, FindingSeverity.Warning)]
    public async Task A_torn_tail_is_damage_after_a_clean_stop_only(bool isClean, FindingSeverity severity)
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        string path = VerifiedLog.FilesOf(stand, SegmentNames.Log)[^1];
        byte[] bytes = VerifiedLog.Read(stand, path);
        if (!isClean)
        {
            stand.Files.DeleteFile(Path.Combine(stand.RootPath, CleanShutdownFile.Name));
            stand.Files.DeleteFile(Path.Combine(stand.RootPath, OffsetCheckpointFile.RecoveryPoint));
        }
        VerifiedLog.Write(stand, path, [.. bytes, .. bytes.AsSpan(0, 70)[..40]]);
        Finding finding = Assert.Single(VerifiedLog.Verify(stand).Findings);
        Assert.Equal((severity, path, (long)bytes.Length), (finding.Severity, finding.Path, finding.Position));
    }

    [Fact]
    public async Task A_log_that_ends_below_its_recovery_point_is_damaged()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        stand.Files.DeleteFile(Path.Combine(stand.RootPath, CleanShutdownFile.Name));
        string path = VerifiedLog.FilesOf(stand, SegmentNames.Log)[^1];
        VerifiedLog.Write(stand, path, VerifiedLog.Read(stand, path).AsSpan(..^1));
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.False(summary.IsSound);
        Assert.Contains(findings, finding => finding.Path.EndsWith(OffsetCheckpointFile.RecoveryPoint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_segment_that_is_gone_is_missed()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        string path = VerifiedLog.FilesOf(stand, SegmentNames.Log)[1];
        stand.Files.DeleteFile(path);
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.False(summary.IsSound);
        Assert.Contains(findings, finding => finding.Problem.EndsWith("are missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_no_log_directory_is_not_sound()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        stand.Files.CreateDirectory("/strange");
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand, "/strange");
        Assert.False(summary.IsSound);
        Assert.Contains(findings, finding => finding.Problem.StartsWith("is no log directory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_that_wait_to_be_removed_are_one_note()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        foreach (string path in VerifiedLog.FilesOf(stand, SegmentNames.Log))
            VerifiedLog.Write(stand, path + SegmentNames.Deleted, VerifiedLog.Read(stand, path));
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.True(summary.IsSound);
        Finding note = Assert.Single(findings);
        Assert.Equal(FindingSeverity.Note, note.Severity);
        Assert.StartsWith($"{summary.SegmentsCount} files are marked .deleted", note.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Batches_behind_a_broken_one_are_read_all_the_same()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        string path = VerifiedLog.FilesOf(stand, SegmentNames.Log)[0];
        byte[] bytes = VerifiedLog.Read(stand, path);
        int second = 12 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(8));
        bytes[second + 16] = 9;
        VerifiedLog.Write(stand, path, bytes);
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.Equal(59, summary.BatchesCount);
        Assert.Contains(findings, finding => finding.Position == second && finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task Reserved_space_of_an_index_is_no_damage()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        foreach (string suffix in (string[])[SegmentNames.Index, SegmentNames.TimeIndex])
        {
            string path = VerifiedLog.FilesOf(stand, suffix)[^1];
            VerifiedLog.Write(stand, path, [.. VerifiedLog.Read(stand, path), .. new byte[120_000]]);
        }
        Assert.Empty(VerifiedLog.Verify(stand).Findings);
    }

    [Theory]
    [InlineData(SegmentNames.Index)]
    [InlineData(SegmentNames.TimeIndex)]
    public async Task A_lost_index_is_told_of_as_it_is_made_again(string suffix)
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        string path = VerifiedLog.FilesOf(stand, suffix)[0];
        stand.Files.DeleteFile(path);
        Finding finding = Assert.Single(VerifiedLog.Verify(stand).Findings);
        Assert.Equal((FindingSeverity.Warning, path), (finding.Severity, finding.Path));
    }

    [Fact]
    public async Task Leftovers_are_noted_and_nothing_is_changed()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        string[] leftovers = [SegmentNames.Of(7, ".log.cleaned"), SegmentNames.Of(7, ".log.swap"), SegmentNames.Of(0, ".log.deleted")];
        foreach (string name in leftovers)
            VerifiedLog.Write(stand, stand.PathOf(name), [1, 2, 3]);
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.True(summary.IsSound);
        IEnumerable<string> noted = leftovers.Select(
            name => name.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal) ? Path.GetDirectoryName(stand.PathOf(name))! : stand.PathOf(name));
        Assert.Equal(noted.Order(), findings.Select(finding => finding.Path).Order());
        Assert.All(findings, finding => Assert.Equal(FindingSeverity.Note, finding.Severity));
        Assert.All(leftovers, name => Assert.True(stand.Files.FileExists(stand.PathOf(name))));
        Assert.True(stand.Files.FileExists(Path.Combine(stand.RootPath, CleanShutdownFile.Name)));
    }

    [Theory]
    [InlineData("0\n1\n3 1000000\n", "behind the log's end")]
    [InlineData("0\n1\n2 0\n", "leader-epoch-checkpoint says 2")]
    [InlineData("0\n2\n3 5\n", "entries announced")]
    [InlineData("0\n2\n5 10\n3 20\n", "after epoch 5")]
    public async Task Wrong_leader_epochs_are_found(string text, string problem)
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        VerifiedLog.Write(stand, stand.PathOf(LeaderEpochFile.Name), System.Text.Encoding.UTF8.GetBytes(text));
        (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
        Assert.False(summary.IsSound);
        Assert.Contains(findings, finding => finding.Problem.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_may_be_verified_while_it_is_written()
    {
        LogStand stand = await VerifiedLog.WriteAsync();
        stand.Start();
        for (int i = 0; i < 20; i++)
        {
            stand.MustAppend(TestBatches.Make(3, new string('x', 100)), leaderEpoch: 5);
            (VerificationSummary summary, List<Finding> findings) = VerifiedLog.Verify(stand);
            Assert.True(summary.IsSound, string.Join('\n', findings));
            if (i % 5 == 0)
                stand.Flush();
        }
        await stand.Directory.DisposeAsync();
        Assert.Empty(VerifiedLog.Verify(stand).Findings);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_no_sound_one() =>
        Assert.Throws<DirectoryNotFoundException>(() => LogVerifier.Verify(new PosixFileSystem(), "/nonexistent/data", _ => { }));
}
