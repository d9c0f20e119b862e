using System.Buffers;

namespace FastLog.Records.Tests;

public class PooledBufferWriterTests
{
    [Fact]
    public void What_is_written_in_any_pieces_is_there() =>
        Seeded.Run(100, random =>
        {
            using PooledBufferWriter writer = new(random.Next(100));
            List<byte> model = [];
            for (int i = 0; i < 50; i++)
            {
                byte[] piece = random.Bytes(random.Next(random.Next(10) == 0 ? 5000 : 50));
                if (random.Next(2) == 0)
                {
                    writer.Write(piece);
                }
                else
                {
                    piece.CopyTo(writer.GetSpan(piece.Length));
                    writer.Advance(piece.Length);
                }

                model.AddRange(piece);
            }

            byte[] expected = [.. model];
            Assert.Equal(expected, writer.WrittenSpan.ToArray());
            Assert.Equal(expected, writer.WrittenMemory.ToArray());
            Assert.Equal(expected, writer.WrittenSequence.ToArray());
            int kept = random.Next(model.Count + 1);
            writer.TruncateTo(kept);
            Assert.Equal(expected[..kept], writer.WrittenSpan.ToArray());
        });

    [Fact]
    public void Clear_keeps_the_array_and_Release_gives_it_back()
    {
        using PooledBufferWriter writer = new();
        Assert.Equal(0, writer.Capacity);
        writer.Write(new byte[1000]);
        int capacity = writer.Capacity;
        writer.Clear();
        Assert.Equal((0, capacity), (writer.WrittenCount, writer.Capacity));
        writer.Release();
        Assert.Equal(0, writer.Capacity);
        writer.Write([7]);
        Assert.Equal([7], writer.WrittenSpan.ToArray());
    }

    [Fact]
    public void Advancing_past_the_end_and_writing_after_Dispose_are_refused()
    {
        PooledBufferWriter writer = new();
        int free = writer.GetSpan().Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(free + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.TruncateTo(1));
        writer.Dispose();
        writer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => writer.GetSpan());
    }
}
