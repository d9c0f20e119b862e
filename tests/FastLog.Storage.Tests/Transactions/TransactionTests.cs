namespace FastLog.Storage.Tests;

/// <summary>Last stable offset and aborted transactions, as appended, after cuts, and after every kind of restart.</summary>
public sealed class TransactionTests
{
    private const long First = 4000;
    private const long Second = 5000;

    private static void AppendData(LogStand stand, long producer, int count = 2)
    {
        int sequence = stand.Log.ActiveProducers().Where(known => known.ProducerId == producer).Select(known => known.LastSequence + 1).FirstOrDefault();
        stand.MustAppend(TestBatches.Make(count, producerId: producer, producerEpoch: 0, baseSequence: sequence, isTransactional: true));
    }

    private static void AppendMarker(LogStand stand, long producer, bool committed) =>
        stand.MustAppend(TestBatches.MakeMarker(producer, 0, committed, coordinatorEpoch: 1), AppendOrigin.Coordinator);

    private static List<AbortedTransaction> AbortedIn(PartitionLog log, long from, long to)
    {
        List<AbortedTransaction> aborted = [];
        log.AbortedTransactions(from, to, aborted);
        return aborted;
    }

    [Fact]
    public void The_last_stable_offset_is_the_first_undecided_transaction_or_the_high_watermark()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(3));
        Assert.Equal(3, stand.Log.LastStableOffset(3));
        AppendData(stand, First);   // 3, 4
        AppendData(stand, Second);  // 5, 6
        Assert.Equal(2, stand.Log.LastStableOffset(2));
        Assert.Equal(3, stand.Log.LastStableOffset(7));
        AppendMarker(stand, First, committed: true); // 7
        Assert.Equal(3, stand.Log.LastStableOffset(7));
        Assert.Equal(5, stand.Log.LastStableOffset(8));
        AppendMarker(stand, Second, committed: false); // 8
        Assert.Equal(5, stand.Log.LastStableOffset(8));
        Assert.Equal(9, stand.Log.LastStableOffset(9));
    }

    [Fact]
    public void A_transaction_that_ended_beyond_the_high_watermark_holds_back_although_later_ones_are_decided()
    {
        LogStand stand = new();
        AppendData(stand, First);                    // 0, 1
        AppendData(stand, Second);                   // 2, 3
        AppendMarker(stand, Second, committed: true); // 4
        AppendMarker(stand, First, committed: true);  // 5
        Assert.Equal(0, stand.Log.LastStableOffset(5));
        Assert.Equal(6, stand.Log.LastStableOffset(6));
        stand.Kill();
        Assert.Equal(0, stand.Log.LastStableOffset(5));
        Assert.Equal(6, stand.Log.LastStableOffset(6));
    }

    [Fact]
    public void A_transaction_that_began_below_the_logs_start_does_not_hold_back_below_it()
    {
        LogStand stand = new();
        AppendData(stand, First);                     // 0, 1
        stand.MustAppend(TestBatches.Make(4));        // 2 to 5
        stand.Flush();
        stand.Log.AdvanceLogStart(4);
        Assert.Equal(4, stand.Log.LastStableOffset(6));
        Assert.Equal(3, stand.Log.LastStableOffset(3));
        AppendMarker(stand, First, committed: false); // 6
        Assert.Equal(4, stand.Log.LastStableOffset(6));
        Assert.Equal(7, stand.Log.LastStableOffset(7));
    }

    [Fact]
    public void Entries_have_Kafkas_bytes_and_the_file_comes_with_the_first()
    {
        LogStand stand = new();
        AppendData(stand, First);
        AppendMarker(stand, First, committed: true); // 2
        Assert.False(stand.Files.FileExists(stand.LogPath(0, SegmentNames.TransactionIndex)));
        AppendData(stand, First);                     // 3, 4
        AppendData(stand, Second);                    // 5, 6
        AppendMarker(stand, First, committed: false); // 7
        AppendMarker(stand, Second, committed: false); // 8
        byte[] expected = Convert.FromHexString(
            "0000" + "0000000000000fa0" + "0000000000000003" + "0000000000000007" + "0000000000000005"
            + "0000" + "0000000000001388" + "0000000000000005" + "0000000000000008" + "0000000000000009");
        Assert.Equal(expected, stand.Simulation!.ReadAll(stand.LogPath(0, SegmentNames.TransactionIndex)));
    }

    [Fact]
    public void Aborted_transactions_are_found_from_wherever_they_are_read()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 300 });
        AppendData(stand, First);                      // 0, 1
        for (int i = 0; i < 8; i++)
            stand.MustAppend(TestBatches.Make(1));     // 2 to 9
        AppendMarker(stand, First, committed: false);  // 10
        AppendData(stand, Second);                     // 11, 12
        AppendMarker(stand, Second, committed: false); // 13
        Assert.True(stand.Log.SegmentCount > 3);
        AbortedTransaction first = new(First, 0);
        AbortedTransaction second = new(Second, 11);
        Assert.Equal([first], AbortedIn(stand.Log, 0, 1));
        Assert.Equal([first], AbortedIn(stand.Log, 10, 11));
        Assert.Equal([first, second], AbortedIn(stand.Log, 5, 12));
        Assert.Equal([second], AbortedIn(stand.Log, 11, 14));
        Assert.Equal([second], AbortedIn(stand.Log, 13, 14));
        Assert.Empty(AbortedIn(stand.Log, 14, 20));
        List<AbortedTransaction> aborted = [];
        ReadResult read = stand.Log.ReadCommitted(0, 1, 14, atLeastOneBatch: true, aborted);
        Assert.Equal(2, read.NextOffset);
        read.Lease!.Dispose();
        Assert.Equal([first], aborted);
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("kill")]
    [InlineData("power")]
    [InlineData("missing indexes")]
    [InlineData("corrupt")]
    [InlineData("torn")]
    public async Task Indexes_are_the_same_after_a_restart(string way)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 700 });
        Random random = new(7);
        for (int i = 0; i < 60; i++)
        {
            long producer = random.Next(2) == 0 ? First : Second;
            AppendData(stand, producer);
            if (random.Next(2) == 0)
                AppendMarker(stand, producer, committed: random.Next(3) == 0);
        }
        stand.Flush();
        Dictionary<string, byte[]> before = IndexesOf(stand);
        Assert.True(before.Count > 5);
        switch (way)
        {
            case "clean":
                await stand.RestartCleanly();
                break;
            case "kill":
                stand.Kill();
                break;
            case "power":
                stand.CutPower(0);
                break;
            default:
                await stand.Directory.DisposeAsync();
                foreach (string path in before.Keys)
                    Damage(stand, path, way);
                stand.Start();
                break;
        }
        Dictionary<string, byte[]> after = IndexesOf(stand);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        foreach ((string path, byte[] bytes) in before)
            Assert.Equal(bytes, after[path]);
    }

    private static void Damage(LogStand stand, string path, string way)
    {
        switch (way)
        {
            case "corrupt":
                stand.Simulation!.FlipBit(path, 21, 6);
                break;
            case "torn":
                byte[] bytes = stand.Simulation!.ReadAll(path);
                stand.Simulation.WriteAll(path, bytes.AsSpan(0, bytes.Length - 5));
                break;
            default:
                stand.Simulation!.DeleteFile(path);
                stand.Simulation.DeleteFile(path.Replace(SegmentNames.TransactionIndex, SegmentNames.Index, StringComparison.Ordinal));
                break;
        }
    }

    private static Dictionary<string, byte[]> IndexesOf(LogStand stand) => stand.Files
        .ListFiles(Path.Combine(stand.RootPath, LogStand.Partition.ToString()))
        .Where(name => name.EndsWith(SegmentNames.TransactionIndex, StringComparison.Ordinal))
        .ToDictionary(stand.PathOf, name => stand.Simulation!.ReadAll(stand.PathOf(name)));

    [Fact]
    public void A_cut_takes_the_entries_of_what_it_cuts_and_opens_the_transaction_again()
    {
        LogStand stand = new();
        AppendData(stand, First);                      // 0, 1
        AppendMarker(stand, First, committed: false);  // 2
        AppendData(stand, Second);                     // 3, 4
        AppendMarker(stand, Second, committed: false); // 5
        stand.Log.TruncateTo(5);
        Assert.Equal([new AbortedTransaction(First, 0)], AbortedIn(stand.Log, 0, 10));
        Assert.Equal(3, stand.Log.LastStableOffset(5));
        stand.Log.TruncateTo(2);
        Assert.Empty(AbortedIn(stand.Log, 0, 10));
        Assert.False(stand.Files.FileExists(stand.LogPath(0, SegmentNames.TransactionIndex)));
    }

    [Fact]
    public void An_entry_without_room_on_the_disk_is_served_from_memory_and_written_before_the_segment_is_sealed()
    {
        LogStand stand = new();
        AppendData(stand, First);
        string path = stand.LogPath(0, SegmentNames.TransactionIndex);
        stand.Simulation!.Fault = (call, name) => name == path ? DiskException.OutOfSpace : 0;
        AppendMarker(stand, First, committed: false);
        Assert.Equal([new AbortedTransaction(First, 0)], AbortedIn(stand.Log, 0, 10));
        Assert.Throws<DiskException>(stand.Log.Roll);
        Assert.False(stand.Directory.IsOffline);
        Assert.Equal(1, stand.Log.SegmentCount);
        stand.Simulation.Fault = null;
        stand.Log.Roll();
        Assert.Equal(AbortedTransactionEntry.SizeBytes, stand.Simulation.ReadAll(path).Length);
        stand.Flush();
        stand.CutPower(0);
        Assert.Equal([new AbortedTransaction(First, 0)], AbortedIn(stand.Log, 0, 10));
    }

    [Fact]
    public async Task Producers_idle_for_long_are_not_loaded_from_a_snapshot_unless_their_transaction_is_open()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(producerId: First, producerEpoch: 0, baseSequence: 0));
        AppendData(stand, Second);
        stand.Clock.NowMs += LogStand.Options.ProducerIdExpirationMs;
        await stand.RestartCleanly();
        Assert.Equal(Second, Assert.Single(stand.Log.ActiveProducers()).ProducerId);
        Assert.Equal(1, stand.Log.LastStableOffset(3));
    }
}
