using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace FastLog.Records.Tests;

public class Crc32CTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("123456789", 0xe3069283u)]
    [InlineData("a", 0xc1d04330u)]
    public void Known_strings_have_their_published_checksums(string text, uint expected) =>
        Assert.Equal(expected, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Blocks_of_rfc_3720_have_their_published_checksums()
    {
        Assert.Equal(0x8a9136aau, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62a8ab43u, Crc32C.Compute(Enumerable.Repeat((byte)0xff, 32).ToArray()));
        Assert.Equal(0x46dd794eu, Crc32C.Compute(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    [Fact]
    public void Every_length_at_every_alignment_agrees_with_the_bitwise_definition()
    {
        byte[] bytes = new Random(1).Bytes(5200);
        int[] lengths = [.. Enumerable.Range(0, 300), .. Enumerable.Range(490, 60), .. Enumerable.Range(2030, 40), 2543, 2544, 2545, 4079, 4080, 5000];
        for (int alignment = 0; alignment < 8; alignment++)
        {
            uint state = ~0u;
            int done = 0;
            foreach (int length in lengths)
            {
                state = Bitwise(state, bytes.AsSpan(alignment + done, length - done));
                done = length;
                Assert.Equal(~state, Crc32C.Compute(bytes.AsSpan(alignment, length)));
                Assert.Equal(~state, Crc32C.AppendSimple(0, bytes.AsSpan(alignment, length)));
                Assert.Equal(~state, ~Crc32CTables.Step(~0u, bytes.AsSpan(alignment, length)));
            }
        }
    }

    [Fact]
    public void Any_bytes_agree_with_the_bitwise_definition() =>
        Prop.ForAll((byte[] bytes) => Crc32C.Compute(bytes) == ~Bitwise(~0u, bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Appending_parts_gives_the_checksum_of_the_whole() =>
        Seeded.Run(300, random =>
        {
            byte[] bytes = random.Bytes(random.Next(20000));
            uint whole = ~Crc32CTables.Step(~0u, bytes);
            int cut = random.Next(bytes.Length + 1);
            Assert.Equal(whole, Crc32C.Append(Crc32C.Compute(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
            Assert.Equal(whole, Crc32C.Compute(Segments.CutAtRandom(bytes, random, cutsMax: 12)));
        });

    private static uint Bitwise(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            state ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state & 1) == 1 ? (state >> 1) ^ 0x82f63b78 : state >> 1;
            }
        }

        return state;
    }
}
