using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>Indexes carry no checksum: a bit that turns in one costs time, and never a record.</summary>
public sealed class IndexDamageTests
{
    private const int BatchesCount = 40;
    private const int Flips = 250;

    [Fact]
    public async Task Whatever_bit_of_an_index_turns_every_offset_is_found()
    {
        (LogStand stand, string path, int bits) = await Write(isRolled: true);
        Random random = new(1);
        for (int i = 0; i < Flips; i++)
        {
            (int position, int bit) = Math.DivRem(random.Next(bits), 8);
            await Turn(stand, path, position, bit);
            for (int n = 0; n < 10; n++)
            {
                int offset = random.Next(BatchesCount);
                ReadResult read = stand.Log.Read(offset, 100, long.MaxValue, atLeastOneBatch: true);
                byte[]? bytes = LogStand.Take(read);
                Assert.True(bytes is not null, $"byte {position}, bit {bit}, offset {offset}: {read.Status}");
                RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header);
                Assert.True(header.BaseOffset == offset, $"byte {position}, bit {bit}: {header.BaseOffset} for {offset}");
            }
            await Turn(stand, path, position, bit);
            bits = Math.Min(bits, stand.Simulation!.ReadAll(path).Length * 8);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whatever_bit_of_an_index_turns_a_cut_is_where_it_was_asked_for(bool isRolled)
    {
        Random random = new(2);
        for (int i = 0; i < Flips / 5; i++)
        {
            (LogStand stand, string path, int bits) = await Write(isRolled);
            (int position, int bit) = Math.DivRem(random.Next(bits), 8);
            await Turn(stand, path, position, bit);
            List<byte[]> before = stand.ReadAll();
            int offset = random.Next(BatchesCount);
            stand.Log.TruncateTo(offset);
            Assert.True(stand.Log.LogEndOffset == offset, $"byte {position}, bit {bit}: cut at {stand.Log.LogEndOffset} for {offset}");
            Assert.Equal(before.Take(offset), stand.ReadAll());
        }
    }

    // A start that was clean looks at the tails of the indexes and no further.
    private static async Task Turn(LogStand stand, string path, int position, int bit)
    {
        await stand.Directory.DisposeAsync();
        stand.Simulation!.FlipBit(path, position, bit);
        stand.Start();
    }

    private static async Task<(LogStand Stand, string Path, int Bits)> Write(bool isRolled)
    {
        LogStand stand = new(config: new LogConfig { IndexIntervalBytes = 0 });
        for (int i = 0; i < BatchesCount; i++)
            stand.MustAppend(TestBatches.Make(1, "v" + i, timestampMs: ManualClock.StartMs + i));
        if (isRolled)
            stand.Log.Roll();
        await stand.RestartCleanly();
        string path = stand.LogPath(0, SegmentNames.Index);
        return (stand, path, stand.Simulation!.ReadAll(path).Length * 8);
    }
}
