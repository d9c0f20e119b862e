using System.Buffers;

namespace FastLog.Records.Tests;

public sealed class ChunkedBufferWriterTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1917)]
    public void What_was_written_in_random_pieces_reads_as_one_sequence(int seed)
    {
        var random = new Random(seed);
        var expected = new byte[5_000_000];
        random.NextBytes(expected);
        using var writer = new ChunkedBufferWriter();
        for (var written = 0; written < expected.Length;)
        {
            var piece = Math.Min(random.Next(1, random.Next(1, 300_000)), expected.Length - written);
            expected.AsSpan(written, piece).CopyTo(writer.GetSpan(piece));
            writer.Advance(piece);
            written += piece;
        }

        Assert.True(writer.WrittenSequence.ToArray().AsSpan().SequenceEqual(expected), $"seed {seed}");
    }

    [Fact]
    public void Nothing_written_is_an_empty_sequence()
    {
        using var writer = new ChunkedBufferWriter();
        Assert.True(writer.WrittenSequence.IsEmpty);
    }

    [Fact]
    public void Advancing_past_what_was_given_is_refused()
    {
        using var writer = new ChunkedBufferWriter();
        var given = writer.GetSpan(10).Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(given + 1));
    }
}
