using FastLog.Records;
using Xunit.Abstractions;

namespace FastLog.Storage.Tests;

/// <summary>
/// Whatever was appended, after a cleaning the newest record of each key is there at its own offset and no other, nothing
/// at or beyond the bound is touched, consumers and producers see no difference. FASTLOG_FUZZ_SEED chooses other histories.
/// </summary>
public sealed class CompactionModelTests(ITestOutputHelper output)
{
    private const int Histories = 40;

    [Fact]
    public async Task Cleaning_agrees_with_the_model()
    {
        int first = int.TryParse(Environment.GetEnvironmentVariable("FASTLOG_FUZZ_SEED"), out int given) ? given : Environment.TickCount;
        output.WriteLine($"seeds from {first}");
        long dropped = 0;
        for (int seed = first; seed < first + Histories; seed++)
        {
            try
            {
                dropped += await Run(seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {failure.Message}", failure);
            }
        }
        Assert.True(dropped > Histories * 50, "cleanings drop records");
    }

    private static async Task<long> Run(int seed)
    {
        Random random = new(seed);
        CompactionHistory history = new(seed);
        LogStand stand = history.Stand;
        long dropped = 0;
        for (int round = 0; round < 8; round++)
        {
            for (int i = random.Next(60); i >= 0; i--)
                history.Append();
            if (random.Next(3) == 0)
                history.EndAll();
            if (random.Next(2) == 0)
                stand.Log.Roll();
            stand.Flush();
            stand.Clock.NowMs += random.Next(400);
            long stable = stand.Log.LastStableOffset(stand.Log.LogEndOffset);
            long bound = random.Next(4) == 0 ? random.NextInt64(stable + 1) : stable;
            dropped += CleanAndCheck(history, bound, random);
            await MaybeRestart(stand, random);
            history.CheckDuplicates();
        }
        return dropped;
    }

    private static async Task MaybeRestart(LogStand stand, Random random)
    {
        List<byte[]> before = stand.ReadAll();
        switch (random.Next(4))
        {
            case 0:
                await stand.RestartCleanly();
                break;
            case 1:
                stand.Kill();
                break;
            case 2:
                stand.CutPower(0);
                break;
            default:
                return;
        }
        Assert.Equal(before, stand.ReadAll());
    }

    private static int CleanAndCheck(CompactionHistory history, long bound, Random random)
    {
        LogStand stand = history.Stand;
        List<byte[]> before = stand.ReadAll();
        long endBefore = stand.Log.LogEndOffset;
        long activeBase = stand.Log.ActiveSegmentBaseOffset;
        CleanerOptions options = new() { DedupeBufferBytes = random.Next(4) == 0 ? 24 * 8 : 1 << 20, IoBufferBytes = 64 };
        CleanerRun run = stand.Directory.Clean(stand.Log, bound, options);
        List<byte[]> after = stand.ReadAll();
        Assert.NotEqual(CleanerOutcome.LogChanged, run.Outcome);
        Assert.True(run.EndOffset <= Math.Max(bound, run.FirstDirtyOffset), "cleaned beyond the bound");
        Assert.True(run.EndOffset <= activeBase, "cleaned the active segment");
        Assert.Equal(endBefore, stand.Log.LogEndOffset);
        if (run.Outcome == CleanerOutcome.NothingToClean)
        {
            Assert.Equal(before, after);
            return 0;
        }
        CheckRecords(history, before, after, run.EndOffset);
        CheckTailUntouched(before, after, run.EndOffset);
        CheckLookUps(stand, after);
        long stable = stand.Log.LastStableOffset(endBefore);
        Assert.Equal(history.ExpectedValues(stable), CompactionRecords.Consume(stand.Log, stable));
        return CompactionRecords.Of(before).Count - CompactionRecords.Of(after).Count;
    }

    private static void CheckRecords(CompactionHistory history, List<byte[]> before, List<byte[]> after, long endOffset)
    {
        List<StoredRecord> old = CompactionRecords.Of(before, history.Stand.Clock.NowMs);
        Dictionary<string, long> newest = [];
        foreach (StoredRecord record in old.Where(record => !record.IsControl && record.Offset < endOffset && !history.Aborted.Contains(record.Offset)))
            newest[record.Key] = record.Offset;
        List<StoredRecord> expected = old.FindAll(record => !record.IsControl && (IsUntouched(record, endOffset)
            || (!history.Aborted.Contains(record.Offset)
                && (record.Offset >= endOffset || (newest[record.Key] == record.Offset && (record.Value is not null || !record.IsPastHorizon))))));
        List<StoredRecord> found = CompactionRecords.Of(after).FindAll(record => !record.IsControl);
        Assert.Equal(expected.Select(Essence), found.Select(Essence));
        IEnumerable<long> markers = CompactionRecords.Of(after).Where(record => record.IsControl).Select(record => record.Offset);
        Assert.Empty(markers.Except(old.Where(record => record.IsControl).Select(record => record.Offset)));
    }

    private static bool IsUntouched(StoredRecord record, long endOffset) => record.BatchOffset >= endOffset;

    private static (long, string, string?, long) Essence(StoredRecord record) => (record.Offset, record.Key, record.Value, record.TimestampMs);

    private static void CheckTailUntouched(List<byte[]> before, List<byte[]> after, long endOffset)
    {
        static List<byte[]> Tail(List<byte[]> batches, long from) =>
            batches.FindAll(batch => RecordBatchHeader.TryRead(batch, out RecordBatchHeader header) && header.BaseOffset >= from);
        Assert.Equal(Tail(before, endOffset), Tail(after, endOffset));
    }

    private static void CheckLookUps(LogStand stand, List<byte[]> batches)
    {
        long last = -1;
        foreach (byte[] bytes in batches)
        {
            RecordBatchView batch = new(bytes);
            Assert.True(batch.IsCrcValid && batch.Header.BaseOffset > last, "batches rise and are sound");
            last = batch.Header.LastOffset;
        }
        for (long offset = stand.Log.LogStartOffset; offset <= last; offset += 3)
        {
            byte[] read = LogStand.Take(stand.Log.Read(offset, 1, long.MaxValue, atLeastOneBatch: true))!;
            RecordBatchHeader.TryRead(read, out RecordBatchHeader header);
            byte[] expected = batches.Find(batch => RecordBatchHeader.TryRead(batch, out RecordBatchHeader own) && own.LastOffset >= offset)!;
            Assert.Equal(expected, read[..(int)header.TotalSizeInBytes]);
        }
        foreach (StoredRecord record in CompactionRecords.Of(batches).Where((_, i) => i % 5 == 0))
        {
            TimestampedOffset found = stand.Log.OffsetForTimestamp(record.TimestampMs);
            StoredRecord first = CompactionRecords.Of(batches).First(other => other.TimestampMs >= record.TimestampMs);
            Assert.Equal((first.Offset, first.TimestampMs), (found.Offset, found.TimestampMs));
        }
    }
}
