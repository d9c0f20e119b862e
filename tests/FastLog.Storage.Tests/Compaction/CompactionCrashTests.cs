using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>The machine stops at every step of a cleaning: each group of segments is then the old or the new one.</summary>
public sealed class CompactionCrashTests
{
    private static LogStand Write()
    {
        LogStand stand = new(config: new LogConfig { IsCompacted = true, SegmentBytes = 450, IndexIntervalBytes = 100 });
        Random random = new(11);
        for (int i = 0; i < 60; i++)
        {
            string key = $"k{random.Next(6)}";
            switch (i % 5)
            {
                case 0:
                    stand.MustAppend(CompactionRecords.Batch([(key, $"{i}")], producerId: 100, baseSequence: i / 5, isTransactional: true));
                    break;
                case 1:
                    stand.MustAppend(TestBatches.MakeMarker(100, 0, committed: i % 2 == 0, coordinatorEpoch: 1), AppendOrigin.Coordinator);
                    break;
                default:
                    stand.MustAppend(CompactionRecords.Batch([(key, i % 7 == 0 ? null : $"{i}:" + new string('x', random.Next(90))), ($"u{i % 11}", "y")]));
                    break;
            }
        }
        stand.Log.Roll();
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Config = stand.Config with { SegmentBytes = 1300 };
        stand.Log.Config = stand.Config;
        return stand;
    }

    private static CleanerRun Clean(LogStand stand) => stand.Directory.Clean(stand.Log, long.MaxValue);

    private static long BaseOf(byte[] batch)
    {
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        return header.BaseOffset;
    }

    /// <summary>The log's contents before, between and after the swaps of its groups.</summary>
    private static List<List<byte[]>> AllowedContents(out int groups)
    {
        LogStand stand = Write();
        List<byte[]> before = stand.ReadAll();
        CleanerRun run = Clean(stand);
        groups = run.SegmentsWrittenCount;
        Assert.True(run.SegmentsReadCount > groups && groups >= 3, "several groups, some of several segments");
        List<byte[]> after = stand.ReadAll();
        List<List<byte[]>> allowed = [before, after];
        foreach (long border in BasesOf(stand))
            allowed.Add([.. after.Where(batch => BaseOf(batch) < border), .. before.Where(batch => BaseOf(batch) >= border)]);
        return allowed;
    }

    private static List<long> BasesOf(LogStand stand) =>
        [.. NamesOf(stand).Where(name => name.EndsWith(SegmentNames.Log, StringComparison.Ordinal)).Select(name => long.Parse(name[..20], null))];

    private static IReadOnlyList<string> NamesOf(LogStand stand) =>
        stand.Files.ListFiles(Path.Combine(stand.RootPath, LogStand.Partition.ToString()));

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void A_stop_at_any_step_leaves_old_or_new_segments_and_the_next_cleaning_ends_the_same(double survival)
    {
        List<List<byte[]>> allowed = AllowedContents(out int groups);
        SortedDictionary<string, string> values = ValuesOf(Write());
        int step = 0;
        HashSet<int> seen = [];
        for (bool isThrough = false; !isThrough; step++)
        {
            LogStand stand = Write();
            stand.Simulation!.StepsToCrash = step;
            isThrough = RunsThrough(() => Clean(stand));
            stand.Simulation.StepsToCrash = -1;
            stand.CutPower(survival);
            Check(stand, allowed, values, seen, $"step {step}");
        }
        Assert.True(step > groups * 15, $"{step} steps");
        Assert.True(seen.Count > groups, "stops were seen between all groups");
    }

    [Fact]
    public void A_stop_at_any_step_of_the_start_that_finishes_a_swap_is_as_harmless()
    {
        List<List<byte[]>> allowed = AllowedContents(out _);
        SortedDictionary<string, string> values = ValuesOf(Write());
        int swaps = 0;
        for (int step = 0; ; step++)
        {
            LogStand stand = Write();
            stand.Simulation!.StepsToCrash = step;
            if (RunsThrough(() => Clean(stand)))
                break;
            stand.Simulation.Crash(0.7);
            if (!NamesOf(stand).Any(name => name.EndsWith(".log.swap", StringComparison.Ordinal)))
                continue;
            swaps++;
            stand.Simulation.StepsToCrash = swaps % 9;
            if (!RunsThrough(stand.Start))
                stand.Simulation.Crash(0.5);
            else
                stand.Simulation.Kill();
            stand.Start();
            Check(stand, allowed, values, [], $"step {step}, then {swaps % 9}");
        }
        Assert.True(swaps > 20, $"{swaps} swaps were cut off");
    }

    [Fact]
    public void A_group_whose_last_segment_holds_nothing_of_worth_any_more_is_replaced_as_a_whole()
    {
        static LogStand WriteSuperseded()
        {
            LogStand stand = new(config: new LogConfig { IsCompacted = true });
            foreach (string[] keys in (string[][])[["a", "a"], ["x", "x"], ["x", "c"], ["y"]])
            {
                foreach (string key in keys)
                    stand.MustAppend(CompactionRecords.Batch(key, new string('v', 100)));
                stand.Log.Roll();
            }
            stand.Flush();
            stand.Directory.CheckpointRecoveryPoints();
            stand.Config = stand.Config with { SegmentBytes = 800 };
            stand.Log.Config = stand.Config;
            return stand;
        }

        LogStand whole = WriteSuperseded();
        List<byte[]> before = whole.ReadAll();
        Clean(whole);
        List<byte[]> after = whole.ReadAll();
        Assert.True(BasesOf(whole).Count == 3 && BasesOf(whole).Contains(4), "the first two segments are one group");
        List<byte[]> between = [.. after.Where(batch => BaseOf(batch) < 4), .. before.Where(batch => BaseOf(batch) >= 4)];
        bool isThrough = false;
        for (int step = 0; !isThrough; step++)
        {
            LogStand stand = WriteSuperseded();
            stand.Simulation!.StepsToCrash = step;
            isThrough = RunsThrough(() => Clean(stand));
            stand.Simulation.StepsToCrash = -1;
            stand.CutPower(1);
            List<byte[]> found = stand.ReadAll();
            Assert.True(
                new[] { before, between, after }.Any(contents => contents.Count == found.Count && contents.Zip(found).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second))),
                $"step {step}: neither old nor new segments");
        }
    }

    private static bool RunsThrough(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static SortedDictionary<string, string> ValuesOf(LogStand stand) =>
        CompactionRecords.Consume(stand.Log, stand.Log.LastStableOffset(stand.Log.LogEndOffset));

    private static void Check(
        LogStand stand, List<List<byte[]>> allowed, SortedDictionary<string, string> values, HashSet<int> seen, string when)
    {
        List<byte[]> found = stand.ReadAll();
        int index = allowed.FindIndex(contents => contents.Count == found.Count && contents.Zip(found).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)));
        Assert.True(index >= 0, $"{when}: neither old nor new segments");
        seen.Add(index);
        Assert.DoesNotContain(NamesOf(stand), name => name.Contains(".cleaned", StringComparison.Ordinal) || name.Contains(".swap", StringComparison.Ordinal));
        Assert.True(values.SequenceEqual(ValuesOf(stand)), $"{when}: consumers see other values");
        Clean(stand);
        List<byte[]> again = stand.ReadAll();
        List<StoredRecord> data = CompactionRecords.Of(again).FindAll(record => !record.IsControl);
        Assert.Equal(CompactionRecords.Of(allowed[1]).Where(record => !record.IsControl).Select(record => record.Offset), data.Select(record => record.Offset));
        Assert.True(values.SequenceEqual(ValuesOf(stand)), $"{when}: consumers see other values after the next cleaning");
    }
}
