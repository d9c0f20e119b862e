namespace FastLog.Storage.Tests;

public sealed class ReadTests
{
    private static LogStand Filled(int batches, LogConfig? config = null)
    {
        LogStand stand = new(config: config);
        for (int i = 0; i < batches; i++)
            stand.MustAppend(TestBatches.Make(3, "v" + i));
        return stand;
    }

    [Fact]
    public void A_read_gives_whole_batches_up_to_the_size_and_the_bound()
    {
        LogStand stand = Filled(10);
        byte[][] batches = [.. stand.ReadAll()];
        int size = batches[0].Length;

        ReadResult two = stand.Log.Read(4, size * 3 - 1, long.MaxValue, atLeastOneBatch: false);
        Assert.Equal(9, two.NextOffset);
        Assert.Equal(batches[1..3].SelectMany(batch => batch), LogStand.Take(two)!);

        ReadResult bounded = stand.Log.Read(4, 100_000, 12, atLeastOneBatch: false);
        Assert.Equal(12, bounded.NextOffset);
        Assert.Equal(batches[1..4].SelectMany(batch => batch), LogStand.Take(bounded)!);

        Assert.Equal(0, stand.Log.Read(4, 100_000, 5, atLeastOneBatch: true).SizeInBytes);
        Assert.Equal(0, stand.Log.Read(4, size - 1, long.MaxValue, atLeastOneBatch: false).SizeInBytes);
        Assert.Equal(batches[1], LogStand.Take(stand.Log.Read(4, 1, long.MaxValue, atLeastOneBatch: true)));
    }

    [Fact]
    public void Both_ends_of_the_log_are_told_from_what_lies_beyond()
    {
        LogStand stand = Filled(4);
        stand.Log.AdvanceLogStart(5);
        Assert.Equal(ReadStatus.OutOfRange, stand.Log.Read(4, 100, long.MaxValue, true).Status);
        Assert.Equal(ReadStatus.OutOfRange, stand.Log.Read(13, 100, long.MaxValue, true).Status);
        ReadResult atEnd = stand.Log.Read(12, 100, long.MaxValue, true);
        Assert.Equal((ReadStatus.Ok, 0, 12), (atEnd.Status, atEnd.SizeInBytes, atEnd.NextOffset));
        ReadResult atStart = stand.Log.Read(5, 1, long.MaxValue, true);
        Assert.Equal(6, atStart.NextOffset);
        atStart.Lease!.Dispose();
    }

    [Fact]
    public void A_reader_that_goes_on_where_it_stopped_reads_no_headers()
    {
        LogStand stand = Filled(500, new LogConfig { IndexIntervalBytes = int.MaxValue });
        ReadResult first = stand.Log.Read(900, 100_000, 1200, true);
        first.Lease!.Dispose();
        Assert.Equal(1200, first.NextOffset);
        int before = stand.Simulation!.Steps.GetValueOrDefault("pread");
        stand.Log.Read(1200, 1_000_000, long.MaxValue, true).Lease!.Dispose();
        stand.MustAppend(TestBatches.Make(1));
        stand.Log.Read(1500, 1_000_000, long.MaxValue, true).Lease!.Dispose();
        Assert.Equal(before, stand.Simulation.Steps.GetValueOrDefault("pread"));
    }

    [Fact]
    public void A_lease_keeps_a_deleted_segment_readable_and_gives_its_files_back()
    {
        LogStand stand = Filled(30, new LogConfig { SegmentBytes = 500, FileDeleteDelayMs = 10 });
        byte[] expected = stand.ReadAll()[0];
        int openBefore = stand.Simulation!.OpenFilesCount;
        ReadResult read = stand.Log.Read(0, 1, long.MaxValue, atLeastOneBatch: true);
        stand.Log.AdvanceLogStart(80);
        stand.Clock.NowMs += 100;
        stand.Directory.RemoveDueFiles();
        Assert.False(stand.Simulation.FileExists(stand.LogPath(0, SegmentNames.Log) + SegmentNames.Deleted));
        Assert.Equal(expected, LogStand.Take(read));
        Assert.Equal(3 * stand.Log.SegmentCount, stand.Simulation.OpenFilesCount);
        Assert.True(stand.Simulation.OpenFilesCount < openBefore);
    }

    [Fact]
    public void Releasing_a_lease_twice_is_caught()
    {
        LogStand stand = Filled(3, new LogConfig { SegmentBytes = 100 });
        ReadResult read = stand.Log.Read(0, 1, long.MaxValue, atLeastOneBatch: true);
        stand.Log.AdvanceLogStart(9);
        read.Lease!.Dispose();
        Assert.Throws<InvalidOperationException>(() => read.Lease.Dispose());
    }

    [Fact]
    public async Task Bytes_that_are_no_batch_are_reported_as_corrupt()
    {
        LogStand stand = Filled(3, new LogConfig { IndexIntervalBytes = int.MaxValue });
        await stand.Directory.DisposeAsync();
        byte[] bytes = stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.Log));
        stand.Start();
        stand.Simulation.FlipBit(stand.LogPath(0, SegmentNames.Log), bytes.Length / 3 + 16, 3);
        Assert.Equal(ReadStatus.Corrupt, stand.Log.Read(4, 100, long.MaxValue, true).Status);
    }

    [Fact]
    public void Replay_goes_over_all_segments_and_stops_at_the_bound()
    {
        LogStand stand = Filled(40, new LogConfig { SegmentBytes = 500 });
        using BatchCursor cursor = stand.Log.ReadBatches(7, 60);
        List<long> bases = [];
        while (cursor.MoveNext())
            bases.Add(cursor.Header.BaseOffset);
        Assert.Equal(Enumerable.Range(2, 18).Select(i => i * 3L), bases);
        Assert.Equal(60, cursor.NextOffset);
        Assert.Equal(ReadStatus.Ok, cursor.Status);
    }
}
