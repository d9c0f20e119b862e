using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Network.Tests;

public sealed class FrameOutputTests : IDisposable
{
    private readonly PinnedBlockPool _pool = new();

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void Random_writes_come_out_in_order(int seed)
    {
        var random = new Random(seed);
        var output = new FrameOutput(_pool);
        for (int round = 0; round < 30; round++)
        {
            var expected = new List<byte>();
            for (int write = random.Next(40); write > 0; write--)
            {
                byte[] bytes = new byte[random.Next(random.Next(4) == 0 ? 20_000 : 60)];
                random.NextBytes(bytes);
                expected.AddRange(bytes);
                if (random.Next(3) == 0)
                {
                    output.WriteExternal(new MemoryRecords(bytes));
                }
                else
                {
                    output.Write(bytes);
                }
            }

            Assert.Equal(expected.Count, output.MessageBytes);
            output.Seal();
            byte[] frame = Content(output);
            Assert.Equal(expected.Count, BinaryPrimitives.ReadInt32BigEndian(frame));
            Assert.True(frame.AsSpan(4).SequenceEqual(expected.ToArray()), $"seed {seed}, round {round}");
            output.Clear();
            Assert.Equal(0, output.MessageBytes);
        }
    }

    [Fact]
    public void A_size_hint_is_kept_beyond_the_largest_block()
    {
        var output = new FrameOutput(_pool);
        Assert.InRange(output.GetSpan(3_000_000).Length, 3_000_000, int.MaxValue);
        output.Advance(3_000_000);
        Assert.Equal(3_000_000, output.MessageBytes);
        output.Clear();
    }

    [Fact]
    public void More_than_was_handed_out_cannot_be_written()
    {
        var output = new FrameOutput(_pool);
        int free = output.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => output.Advance(free + 1));
    }

    [Fact]
    public void Clearing_releases_the_lease_of_a_region_once()
    {
        using var file = new TestFile(10_000);
        var output = new FrameOutput(_pool);
        output.WriteExternal(file.Region(0, 100));
        output.WriteExternal(file.Region(0, 0));
        Assert.Equal(1, file.Released);
        output.Clear();
        output.Clear();
        Assert.Equal(2, file.Released);
    }

    private static byte[] Content(FrameOutput output) =>
        [.. Enumerable.Range(0, output.PartsCount).SelectMany(i => output.PartAt(i).Bytes.ToArray())];
}
