using System.Text;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class LineReaderTests
{
    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("\n\n", "|")]
    [InlineData("", "")]
    [InlineData("a\r\nb", "a\r|b")]
    public async Task Lines_end_with_a_line_feed_or_the_end(string text, string lines) =>
        Assert.Equal(lines, string.Join('|', await ReadAllAsync(text, pieceBytes: 3, putBackEvery: int.MaxValue)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000_000)]
    public async Task Long_input_in_any_pieces_comes_whole(int pieceBytes)
    {
        var lines = Enumerable.Range(0, 3000).Select(i => new string((char)('a' + (i % 26)), i % 401)).ToList();
        var read = await ReadAllAsync(string.Join('\n', lines) + "\n", pieceBytes, putBackEvery: 7);
        Assert.Equal(lines, read);
    }

    [Fact]
    public async Task The_last_line_can_be_put_back_too() =>
        Assert.Equal(["a", "b"], await ReadAllAsync("a\nb", pieceBytes: 10, putBackEvery: 1));

    [Fact]
    public async Task A_line_beyond_the_bound_is_refused()
    {
        var reader = new LineReader(new MemoryStream(new byte[600_000]), lineBytesMax: 300_000);
        await Assert.ThrowsAsync<FormatException>(async () =>
        {
            while (await reader.ReadAsync(CancellationToken.None))
            {
                Assert.False(reader.TryTake(out _));
            }
        });
    }

    private static async Task<List<string>> ReadAllAsync(string text, int pieceBytes, int putBackEvery)
    {
        var reader = new LineReader(new PieceStream(Encoding.UTF8.GetBytes(text), pieceBytes), int.MaxValue);
        List<string> lines = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            TakeAll(reader, lines, putBackEvery);
        }

        return lines;
    }

    private static void TakeAll(LineReader reader, List<string> lines, int putBackEvery)
    {
        while (reader.TryTake(out var line))
        {
            if (lines.Count % putBackEvery == 0)
            {
                reader.PutBack(line.Length);
                Assert.True(reader.TryTake(out line));
            }

            lines.Add(Encoding.UTF8.GetString(line));
        }
    }

    /// <summary>Gives no more than a few bytes at a time.</summary>
    private sealed class PieceStream(byte[] bytes, int pieceBytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, pieceBytes)], cancellationToken);
    }
}
