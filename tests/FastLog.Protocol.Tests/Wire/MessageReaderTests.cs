using System.Buffers;
using FastLog.Protocol.Messages;

namespace FastLog.Protocol.Tests.Wire;

public sealed class MessageReaderTests
{
    [Theory]
    [InlineData("00", 0u)]
    [InlineData("7f", 127u)]
    [InlineData("8001", 128u)]
    [InlineData("ffffffff0f", uint.MaxValue)]
    [InlineData("8080808000", 0u)]
    public void Unsigned_varints_of_up_to_five_bytes_are_read(string hex, uint expected)
    {
        var reader = new MessageReader(Convert.FromHexString(hex));
        Assert.Equal(expected, reader.ReadUnsignedVarint());
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData("ffffffff10")]
    [InlineData("808080808000")]
    [InlineData("ffffffffffff01")]
    [InlineData("8080")]
    [InlineData("")]
    public void Unsigned_varints_that_are_too_long_or_cut_off_are_refused(string hex) =>
        AssertRefused(hex, (ref MessageReader reader) => reader.ReadUnsignedVarint());

    [Theory]
    [InlineData("ffff")]
    [InlineData("fffe61")]
    [InlineData("8000")]
    [InlineData("000261")]
    public void Plain_strings_that_are_null_negative_or_cut_off_are_refused(string hex) =>
        AssertRefused(hex, (ref MessageReader reader) => reader.ReadString(compact: false));

    [Theory]
    [InlineData("00")]
    [InlineData("0361")]
    [InlineData("ffffffff0f")]
    public void Compact_strings_that_are_null_or_cut_off_are_refused(string hex) =>
        AssertRefused(hex, (ref MessageReader reader) => reader.ReadString(compact: true));

    [Fact]
    public void Strings_above_the_limit_are_refused_though_their_bytes_are_there()
    {
        byte[] longest = [0x80, 0x80, 0x02, .. new byte[32767]];
        var reader = new MessageReader(longest);
        Assert.Equal(32767, reader.ReadString(compact: true).Length);

        byte[] tooLong = [0x81, 0x80, 0x02, .. new byte[32768]];
        AssertRefused(Convert.ToHexString(tooLong), (ref MessageReader r) => r.ReadString(compact: true));
    }

    [Fact]
    public void Malformed_utf8_is_read_as_replacement_characters()
    {
        var plain = new MessageReader(new byte[] { 0, 3, (byte)'a', 0xFF, (byte)'b' });
        Assert.Equal("a\uFFFDb", plain.ReadString(compact: false));

        var cached = new MessageReader(new byte[] { 0, 1, 0xC3 }, new StringCache());
        Assert.Equal("\uFFFD", cached.ReadString(compact: false));
    }

    [Theory]
    [InlineData("ffffffff")]
    [InlineData("80000000")]
    [InlineData("7fffffff")]
    [InlineData("00000003000000000000")]
    public void Array_counts_that_cannot_be_are_refused(string hex) =>
        AssertRefused(hex, (ref MessageReader reader) => reader.ReadArrayCount(compact: false, minElementBytes: 3));

    [Fact]
    public void Null_is_refused_in_versions_that_do_not_have_it()
    {
        AssertRefused("ffff", (ref MessageReader reader) => reader.ReadNullableString(compact: false, allowed: false));
        AssertRefused("00", (ref MessageReader reader) => reader.ReadNullableBytes(compact: true, allowed: false));
        AssertRefused("00", (ref MessageReader reader) => reader.ReadNullableArrayCount(compact: true, 1, allowed: false));
        AssertRefused("ff", (ref MessageReader reader) => reader.ReadIsPresent(allowed: false));
        AssertRefused("00", (ref MessageReader reader) => reader.ReadNullableRecords(compact: true, allowed: false));
    }

    [Fact]
    public void Null_bytes_stay_null_and_empty_ones_empty()
    {
        var reader = new MessageReader(new byte[] { 0, 1 });
        Assert.Null(reader.ReadNullableBytes(compact: true));
        Assert.Equal(0, reader.ReadNullableBytes(compact: true)!.Value.Length);
    }

    [Fact]
    public void Unknown_tags_are_passed_over()
    {
        // A heartbeat response, version 4, with tags 0 and 200 that nobody knows.
        byte[] bytes = [0, 0, 0, 1, 0, 25, 2, 0, 2, 9, 9, 0xC8, 1, 0];
        var response = new HeartbeatResponse();
        var reader = new MessageReader(bytes);
        response.Decode(ref reader, 4);
        Assert.Equal(ErrorCode.UnknownMemberId, response.ErrorCode);
        Assert.Equal(0, reader.Remaining);
        Assert.Equal([0, 0, 0, 1, 0, 25, 0], response.ToArray(4));
    }

    [Theory]
    [InlineData("010003026100")]
    [InlineData("0100010261")]
    [InlineData("01ff")]
    [InlineData("010005")]
    public void Tagged_fields_that_do_not_fill_their_size_are_refused(string tagSection)
    {
        // AbortTransactionRecord has one field, with tag 0: a compact string.
        AssertRefused(tagSection, (ref MessageReader reader) => new AbortTransactionRecord().Decode(ref reader, 0));
    }

    [Fact]
    public void Of_a_repeated_tag_the_last_counts()
    {
        // ApiVersionsResponse v3, tag 0 twice: features "a" and "b".
        byte[] feature(char name) => [0, 8, 2, 2, (byte)name, 0, 0, 0, 1, 0];
        byte[] bytes = [0, 0, 1, 0, 0, 0, 0, 2, .. feature('a'), .. feature('b')];
        var response = new ApiVersionsResponse();
        response.DecodeFrom(bytes, 3);
        Assert.Equal("b", Assert.Single(response.SupportedFeatures).Name);
    }

    [Fact]
    public void Bytes_within_a_segment_are_a_slice_and_across_segments_a_copy()
    {
        byte[] input = [0, 0, 0, 3, 1, 2, 3];
        var reader = new MessageReader(input);
        ReadOnlyMemory<byte> slice = reader.ReadBytes(compact: false);
        input[5] = 42;
        Assert.Equal([1, 42, 3], slice.ToArray());

        var split = new MessageReader(Model.SplitSequence.Bytewise(input));
        ReadOnlyMemory<byte> copy = split.ReadBytes(compact: false);
        input[5] = 43;
        Assert.Equal([1, 42, 3], copy.ToArray());
    }

    [Fact]
    public void Records_are_a_slice_of_the_input_wherever_its_segments_end()
    {
        byte[] input = [0, 0, 0, 3, 1, 2, 3, 9];
        var split = new MessageReader(Model.SplitSequence.Bytewise(input));
        RecordsField records = split.ReadRecords(compact: false);
        input[5] = 42;
        Assert.Equal([1, 42, 3], records.Bytes.ToArray());
        Assert.False(records.Bytes.IsSingleSegment);
        Assert.Equal(1, split.Remaining);
    }

    [Fact]
    public void Nothing_can_be_read_or_skipped_past_the_end()
    {
        AssertRefused("000000", (ref MessageReader reader) => reader.ReadInt32());
        AssertRefused("00", (ref MessageReader reader) => reader.ReadInt64());
        AssertRefused("000000", (ref MessageReader reader) => reader.ReadUuid());
        AssertRefused("000000", (ref MessageReader reader) => reader.Skip(4));
        AssertRefused("", (ref MessageReader reader) => reader.ReadBool());
    }

    private static void AssertRefused(string hex, ReadAction read)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Throws<ProtocolException>(() =>
        {
            var reader = new MessageReader(bytes);
            read(ref reader);
        });
        Assert.Throws<ProtocolException>(() =>
        {
            ReadOnlySequence<byte> split = Model.SplitSequence.Bytewise(bytes);
            var reader = new MessageReader(split);
            read(ref reader);
        });
    }

    private delegate void ReadAction(ref MessageReader reader);
}
