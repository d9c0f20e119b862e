using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

/// <summary>A bit of old data turned around while nobody looked: told with its place, never served, and nothing else is lost.</summary>
public sealed class DamageTests
{
    private const int BatchesCount = 60;

    private readonly RecordingLogger _logger = new();

    public static TheoryData<int, bool, bool> Places()
    {
        TheoryData<int, bool, bool> places = [];
        foreach (bool isClean in (bool[])[true, false])
        {
            foreach (bool isSealed in (bool[])[true, false])
            {
                foreach (int place in (int[])[
                    RecordBatchHeader.SizeInBytes + 3,
                    RecordBatchHeader.BatchLengthOffset,
                    RecordBatchHeader.BatchLengthOffset + 3,
                    RecordBatchHeader.MagicOffset,
                    RecordBatchHeader.AttributesOffset + 1,
                    RecordBatchHeader.AttributesOffset - 1,
                    7,
                    2])
                {
                    places.Add(place, isSealed, isClean);
                }
            }
        }
        return places;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_bit_flip_is_told_and_never_served_while_all_else_goes_on(int byteInBatch, bool isSealed, bool isClean)
    {
        LogStand stand = Write();
        List<byte[]> good = stand.ReadAll();
        await Stop(stand, isClean);
        int damaged = isSealed ? 5 : BatchesCount - 4;
        (string path, int position) = PlaceOf(stand, damaged);
        stand.Simulation!.FlipBit(path, position + byteInBatch, 4);
        _logger.Clear();
        stand.Start();
        Assert.Equal(isClean, stand.Directory.WasCleanShutdown);

        for (int offset = 0; offset < BatchesCount; offset++)
        {
            ReadResult read = stand.Log.Read(offset, 1_000_000, long.MaxValue, true);
            Assert.Equal(offset == damaged ? ReadStatus.Corrupt : ReadStatus.Ok, read.Status);
            if (offset == damaged)
                continue;
            byte[] bytes = LogStand.Take(read)!;
            int taken = 0;
            for (int length = 0; length < bytes.Length; taken++)
            {
                Assert.True(offset + taken != damaged, $"what is damaged was served from {offset}");
                Assert.Equal(good[offset + taken], bytes.AsSpan(length, good[offset + taken].Length));
                length += good[offset + taken].Length;
            }
            Assert.Equal(offset + taken, read.NextOffset);
        }
        Assert.Equal(ReadStatus.Corrupt, stand.Log.Read(damaged, 10, long.MaxValue, true).Status);
        string told = Assert.Single(_logger.Of(LogLevel.Error));
        Assert.Contains(path, told, StringComparison.Ordinal);
        Assert.Contains($"position {position}", told, StringComparison.Ordinal);

        Assert.Equal(BatchesCount, stand.MustAppend(TestBatches.Make(1)).BaseOffset);
        stand.Flush();
        Assert.Equal(BatchesCount + 1, stand.Log.DurableEndOffset);
    }

    [Fact]
    public async Task A_reader_before_the_damage_gets_what_is_good_up_to_it()
    {
        LogStand stand = Write(new LogConfig());
        await stand.Directory.DisposeAsync();
        (string path, int position) = PlaceOf(stand, 30);
        stand.Simulation!.FlipBit(path, position + RecordBatchHeader.SizeInBytes, 0);
        stand.Start();
        ReadResult read = stand.Log.Read(10, 1_000_000, long.MaxValue, true);
        Assert.Equal(30, read.NextOffset);
        LogStand.Take(read);
        Assert.Equal(ReadStatus.Corrupt, stand.Log.Read(30, 1_000_000, long.MaxValue, true).Status);
        Assert.Equal(60, LogStandNext(stand.Log.Read(31, 1_000_000, long.MaxValue, true)));
        // An upper bound behind the damage is no way around it.
        Assert.Equal(30, LogStandNext(stand.Log.Read(10, 1_000_000, 45, true)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_index_over_damaged_data_does_not_keep_the_log_closed(bool isClean)
    {
        LogStand stand = Write();
        await Stop(stand, isClean);
        (string path, int position) = PlaceOf(stand, 5);
        stand.Simulation!.FlipBit(path, position + RecordBatchHeader.MagicOffset, 0);
        stand.Simulation.DeleteFile(stand.LogPath(0, SegmentNames.Index));
        _logger.Clear();
        stand.Start();
        Assert.Contains($"position {position}", Assert.Single(_logger.Of(LogLevel.Error)), StringComparison.Ordinal);
        Assert.Equal(BatchesCount, stand.Log.LogEndOffset);
        Assert.Equal(5, LogStandNext(stand.Log.Read(0, 1_000_000, long.MaxValue, true)));
        Assert.Equal(ReadStatus.Corrupt, stand.Log.Read(5, 100, long.MaxValue, true).Status);
        Assert.Equal(BatchesCount - 1, stand.ReadAll(BatchesCount - 1).Count + BatchesCount - 2);
        Assert.Single(_logger.Of(LogLevel.Error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_log_whose_end_is_damaged_is_not_opened_and_nothing_is_cut(bool isClean)
    {
        LogStand stand = Write();
        await Stop(stand, isClean);
        (string path, int position) = PlaceOf(stand, BatchesCount - 1);
        stand.Simulation!.FlipBit(path, position + RecordBatchHeader.MagicOffset, 0);
        int length = stand.Simulation.ReadAll(path).Length;
        LogCorruptException damage = Assert.Throws<LogCorruptException>(stand.Start);
        Assert.Equal((path, (long)position), (damage.Path, damage.Position));
        Assert.Equal(length, stand.Simulation.ReadAll(path).Length);
        Assert.Equal(0, stand.Simulation.ListFiles(Path.GetDirectoryName(path)!).Count(name => name.EndsWith(".deleted", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Bytes_are_checked_once_and_appended_ones_never()
    {
        LogStand stand = Write();
        await stand.RestartCleanly();
        stand.ReadAll();
        for (int i = 0; i < BatchesCount; i++)
            LogStandNext(stand.Log.Read(i, 1, long.MaxValue, true));
        // Headers and index entries are looked up; no payload is read again: its damage would pass unseen.
        (string path, int position) = PlaceOf(stand, 5);
        stand.Simulation!.FlipBit(path, position + RecordBatchHeader.SizeInBytes, 0);
        Assert.Equal(ReadStatus.Ok, Release(stand.Log.Read(5, 1, long.MaxValue, true)));
        long appended = stand.MustAppend(TestBatches.Make(1)).BaseOffset;
        (path, position) = PlaceOf(stand, (int)appended);
        stand.Simulation.FlipBit(path, position + RecordBatchHeader.SizeInBytes, 0);
        Assert.Equal(ReadStatus.Ok, Release(stand.Log.Read(appended, 1, long.MaxValue, true)));
    }

    [Fact]
    public void Verified_intervals_merge_are_bounded_and_forget_the_smallest()
    {
        Random random = new(7);
        VerifiedBytes verified = new(10_000);
        bool[] known = new bool[10_000];
        for (int i = 0; i < 2000; i++)
        {
            int start = random.Next(10_000);
            int end = Math.Min(10_000, start + random.Next(60));
            verified.Add(start, end);
            known.AsSpan(start, end - start).Fill(true);
            int from = random.Next(10_000);
            int to = Math.Min(10_000, from + random.Next(40));
            if (verified.Contains(from, to))
                Assert.DoesNotContain(false, known[from..to]);
        }
        for (int start = 0; start < 10_000; start += 100)
            verified.Add(start, start + 100);
        Assert.Equal(0, verified.SoundFrom);
        Assert.True(verified.Contains(0, 20_000));
    }

    private LogStand Write(LogConfig? config = null)
    {
        LogStand stand = new(config: config ?? new LogConfig { SegmentBytes = 1200, IndexIntervalBytes = 0 }, logger: _logger);
        for (int i = 0; i < BatchesCount; i++)
            stand.MustAppend(TestBatches.Make(1, "v" + i, timestampMs: ManualClock.StartMs + i));
        Assert.True(config is not null || stand.Log.ActiveSegmentBaseOffset < BatchesCount - 5);
        return stand;
    }

    private static async Task Stop(LogStand stand, bool isClean)
    {
        if (isClean)
        {
            await stand.Directory.DisposeAsync();
            return;
        }
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        stand.Simulation!.Kill();
    }

    /// <summary>Where the batch with this offset lies on the disk; every batch holds one record.</summary>
    private static (string Path, int Position) PlaceOf(LogStand stand, int offset)
    {
        long segment = stand.Simulation!.ListFiles(Path.GetDirectoryName(stand.LogPath(0, ""))!)
            .Where(name => SegmentNames.TryParse(name, SegmentNames.Log, out long found) && found <= offset)
            .Max(name => SegmentNames.TryParse(name, SegmentNames.Log, out long found) ? found : -1);
        string path = stand.LogPath(segment, SegmentNames.Log);
        ReadOnlySpan<byte> bytes = stand.Simulation.ReadAll(path);
        int position = 0;
        for (long next = segment; next < offset; next++)
        {
            RecordBatchHeader.TryRead(bytes[position..], out RecordBatchHeader header);
            position += (int)header.TotalSizeInBytes;
        }
        return (path, position);
    }

    private static ReadStatus Release(in ReadResult read)
    {
        read.Lease?.Dispose();
        return read.Status;
    }

    private static long LogStandNext(in ReadResult read)
    {
        LogStand.Take(read);
        return read.NextOffset;
    }
}
