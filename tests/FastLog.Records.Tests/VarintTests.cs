using FsCheck;
using FsCheck.Fluent;

namespace FastLog.Records.Tests;

public class VarintTests
{
    public static TheoryData<int, string> KnownInts => new()
    {
        { 0, "00" },
        { -1, "01" },
        { 1, "02" },
        { 63, "7e" },
        { -64, "7f" },
        { 64, "8001" },
        { -65, "8101" },
        { int.MaxValue, "feffffff0f" },
        { int.MinValue, "ffffffff0f" },
    };

    [Theory]
    [MemberData(nameof(KnownInts))]
    public void Known_values_have_their_bytes(int value, string hex)
    {
        byte[] buffer = new byte[Varint.SizeMaxBytesOfInt];
        int size = Varint.WriteInt(buffer, value);
        Assert.Equal(hex, Convert.ToHexStringLower(buffer.AsSpan(0, size)));
        Assert.True(Varint.TryReadInt(buffer, out int read, out int bytesRead));
        Assert.Equal((value, size), (read, bytesRead));
    }

    [Fact]
    public void Ints_come_back() => Prop.ForAll((int raw, byte shift) => IntComesBack(raw >> (shift % 32))).QuickCheckThrowOnFailure();

    [Fact]
    public void Longs_come_back() =>
        Seeded.Run(3000, random =>
        {
            long value = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            byte[] buffer = new byte[Varint.SizeMaxBytesOfLong];
            Assert.True(Varint.TryWriteLong(buffer, value, out int size));
            Assert.Equal(Varint.SizeOfLong(value), size);
            Assert.True(Varint.TryReadLong(buffer, out long read, out int bytesRead));
            Assert.Equal((value, size), (read, bytesRead));
            RefusesAllShorter(buffer.AsMemory(0, size), b => Varint.TryReadLong(b.Span, out _, out _));
        });

    [Fact]
    public void Extremes_come_back()
    {
        foreach (long value in (long[])[long.MinValue, long.MaxValue, int.MinValue, int.MaxValue, uint.MaxValue, 0, -1, 1])
        {
            byte[] buffer = new byte[Varint.SizeMaxBytesOfLong];
            int size = Varint.WriteLong(buffer, value);
            Assert.True(Varint.TryReadLong(buffer.AsSpan(0, size), out long read, out _));
            Assert.Equal(value, read);
        }
    }

    [Fact]
    public void Every_power_of_two_has_the_size_of_its_bits()
    {
        for (int bit = 0; bit < 64; bit++)
        {
            Assert.Equal((bit / 7) + 1, Varint.SizeOfUnsignedLong(1UL << bit));
            Assert.Equal((bit / 7) + 1, Varint.SizeOfUnsignedLong(ulong.MaxValue >> (63 - bit)));
        }

        Assert.Equal(1, Varint.SizeOfUnsigned(0));
        Assert.Equal(5, Varint.SizeOfUnsigned(uint.MaxValue));
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("ffffffff")]
    [InlineData("ffffffff1f")] // A 33rd bit.
    [InlineData("ffffffffff")] // Goes on after five bytes.
    [InlineData("808080808000")] // Six bytes, were they zeros.
    public void Malformed_32_bit_values_are_refused(string hex)
    {
        Assert.False(Varint.TryReadUnsigned(Convert.FromHexString(hex), out uint value, out int size));
        Assert.Equal((0u, 0), (value, size));
        Assert.False(Varint.TryReadInt(Convert.FromHexString(hex), out _, out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("ffffffffffffffffff02")] // A 65th bit.
    [InlineData("ffffffffffffffffffff")] // Goes on after ten bytes.
    [InlineData("8080808080808080808000")]
    public void Malformed_64_bit_values_are_refused(string hex)
    {
        Assert.False(Varint.TryReadUnsignedLong(Convert.FromHexString(hex), out ulong value, out int size));
        Assert.Equal((0ul, 0), (value, size));
        Assert.False(Varint.TryReadLong(Convert.FromHexString(hex), out _, out _));
    }

    [Fact]
    public void Values_longer_than_need_be_are_read()
    {
        Assert.True(Varint.TryReadUnsigned([0x81, 0x80, 0x00], out uint value, out int size));
        Assert.Equal((1u, 3), (value, size));
    }

    [Fact]
    public void Destinations_too_short_are_left_alone()
    {
        byte[] buffer = [0xaa, 0xaa];
        Assert.False(Varint.TryWriteUnsigned(buffer, 1 << 20, out int size));
        Assert.False(Varint.TryWriteUnsigned([], 0, out _));
        Assert.Equal(0, size);
        Assert.Equal([0xaa, 0xaa], buffer);
        Assert.Throws<ArgumentException>(() => Varint.WriteInt(new byte[1], 1000));
    }

    private static bool IntComesBack(int value)
    {
        byte[] buffer = new byte[Varint.SizeMaxBytesOfInt];
        Assert.True(Varint.TryWriteInt(buffer, value, out int size));
        Assert.Equal(Varint.SizeOfInt(value), size);
        Assert.True(Varint.TryReadInt(buffer.AsSpan(0, size), out int read, out int bytesRead));
        RefusesAllShorter(buffer.AsMemory(0, size), b => Varint.TryReadInt(b.Span, out _, out _));
        Assert.True(Varint.TryWriteUnsigned(buffer, (uint)value, out int unsignedSize));
        Assert.Equal(Varint.SizeOfUnsigned((uint)value), unsignedSize);
        Assert.True(Varint.TryReadUnsigned(buffer, out uint unsigned, out _));
        return read == value && bytesRead == size && unsigned == (uint)value;
    }

    private static void RefusesAllShorter(ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, bool> tryRead)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.False(tryRead(bytes[..length]));
        }
    }
}
