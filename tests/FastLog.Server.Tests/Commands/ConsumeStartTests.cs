using FastLog.Client;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class ConsumeStartTests
{
    public static TheoryData<string, StartPosition> Positions => new()
    {
        { "start", StartPosition.Earliest },
        { "earliest", StartPosition.Earliest },
        { "beginning", StartPosition.Earliest },
        { "end", StartPosition.Latest },
        { "latest", StartPosition.Latest },
        { "0", StartPosition.AtOffset(0) },
        { "123456789012", StartPosition.AtOffset(123456789012) },
        { "s@1700000000123", StartPosition.AtTimestamp(1700000000123) },
        { "2023-11-14T22:13:20Z", StartPosition.AtTimestamp(1700000000000) },
        { "2023-11-14T22:13:20.123Z", StartPosition.AtTimestamp(1700000000123) },
        { "2023-11-14T23:13:20+01:00", StartPosition.AtTimestamp(1700000000000) },
        { "2023-11-14T22:13:20", StartPosition.AtTimestamp(1700000000000) },
        { "2023-11-14", StartPosition.AtTimestamp(1699920000000) },
    };

    [Theory]
    [MemberData(nameof(Positions))]
    public void All_that_the_help_names_is_understood(string text, StartPosition expected) =>
        Assert.Equal(expected, ConsumeStart.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("@5")]
    [InlineData("s@")]
    [InlineData("s@-5")]
    [InlineData("yesterday-ish")]
    [InlineData("1969-01-01")]
    public void What_means_no_position_is_refused(string text) =>
        Assert.Throws<FormatException>(() => ConsumeStart.Parse(text));
}
