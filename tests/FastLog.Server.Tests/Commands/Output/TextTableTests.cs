using FastLog.Server.Commands.Output;

namespace FastLog.Server.Tests.Commands.Output;

public class TextTableTests
{
    [Fact]
    public void Text_stands_to_the_left_and_numbers_to_the_right()
    {
        var table = new TextTable().Text("NAME").Number("END").Text("ID");
        table.Row("a", 5, "x");
        table.Row("longer", 12345L, "");

        Assert.Equal(
            [
                "NAME      END  ID",
                "a           5  x",
                "longer  12345  -",
            ],
            Lines(table));
    }

    [Fact]
    public void What_is_not_known_is_a_dash_and_truth_is_a_word()
    {
        var table = new TextTable().Number("LAG").Text("FENCED");
        table.Row(null, true);
        table.Row(1.5, false);

        Assert.Equal(["LAG  FENCED", "  -  yes", "1.5  no"], Lines(table));
    }

    [Fact]
    public void A_value_cannot_steer_the_terminal()
    {
        var table = new TextTable().Text("CLIENT");
        table.Row("a\u001b[2J\nb");

        Assert.Equal(["CLIENT", @"a\u001b[2J\u000ab"], Lines(table));
    }

    [Fact]
    public void A_table_without_rows_has_its_headers() =>
        Assert.Equal(["  A  B"], Lines(new TextTable().Text("A").Text("B"), "  "));

    [Fact]
    public void A_row_has_a_cell_for_every_column() =>
        Assert.Throws<ArgumentException>(() => new TextTable().Text("A").Row(1, 2));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(20L << 30, "20.0 GiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    [InlineData(-1, null)]
    public void Sizes_have_the_unit_that_fits(long bytes, string? shown) => Assert.Equal(shown, ByteSize.Show(bytes));

    private static string[] Lines(TextTable table, string indent = "")
    {
        var writer = new StringWriter { NewLine = "\n" };
        table.WriteTo(writer, indent);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }
}
