using System.Text;

namespace FastLog.Client.Tests.Producing;

public class KeyPartitionerTests
{
    // What Kafka's own UtilsTest pins for its Utils.murmur2.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Murmur2_gives_what_Kafka_gives(string key, int expected) =>
        Assert.Equal(expected, KeyPartitioner.Murmur2(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void The_sign_is_cut_off_before_the_remainder() =>
        Assert.Equal((-973932308 & int.MaxValue) % 7, KeyPartitioner.PartitionFor("21"u8, 7));

    [Fact]
    public void Keys_of_every_length_up_to_three_words_land_in_range()
    {
        byte[] key = [0xFF, 0x80, 0x7F, 0, 1, 2, 3, 0xFE, 0x90, 5, 6, 7, 8];
        for (int length = 0; length <= key.Length; length++)
        {
            Assert.InRange(KeyPartitioner.PartitionFor(key.AsSpan(0, length), 5), 0, 4);
        }
    }
}
