using System.Text;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class RecordLineTests
{
    [Theory]
    [InlineData("k:v", ":", false, "k", "v")]
    [InlineData("k:v:w", ":", false, "k", "v:w")]
    [InlineData("no separator", ":", false, null, "no separator")]
    [InlineData("k:v", "", false, null, "k:v")]
    [InlineData("k=>v", "=>", false, "k", "v")]
    [InlineData(":v", ":", false, "", "v")]
    [InlineData("k:", ":", false, "k", "")]
    [InlineData(":v", ":", true, null, "v")]
    [InlineData("k:", ":", true, "k", null)]
    [InlineData("", "", false, null, "")]
    [InlineData("", "", true, null, null)]
    public void A_line_is_split_at_the_first_separator(
        string line, string separator, bool emptyIsNull, string? key, string? value)
    {
        var split = RecordLine.Split(Encoding.UTF8.GetBytes(line), Encoding.UTF8.GetBytes(separator), emptyIsNull);
        Assert.Equal(key, split.KeyIsNull ? null : Encoding.UTF8.GetString(split.Key));
        Assert.Equal(value, split.ValueIsNull ? null : Encoding.UTF8.GetString(split.Value));
    }
}
