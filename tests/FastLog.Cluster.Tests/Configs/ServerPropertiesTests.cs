using FastLog.Cluster.Configs;

namespace FastLog.Cluster.Tests.Configs;

public sealed class ServerPropertiesTests
{
    [Theory]
    [InlineData("a=b", "a", "b")]
    [InlineData("a: b", "a", "b")]
    [InlineData("a b", "a", "b")]
    [InlineData("  a  =  b  ", "a", "b")]
    [InlineData("a = b = c", "a", "b = c")]
    [InlineData("a=PLAINTEXT://:9092", "a", "PLAINTEXT://:9092")]
    [InlineData("a", "a", "")]
    [InlineData("a=", "a", "")]
    [InlineData("a=b#c", "a", "b#c")]
    [InlineData("a\\:b\\=c\\ d=e", "a:b=c d", "e")]
    [InlineData("a=x\\ty\\\\z\\q", "a", "x\ty\\zq")]
    [InlineData("a=\\u00e9\\u4e2d", "a", "\u00e9\u4e2d")]
    [InlineData("a=b,\\\n    c,\\\r\n\td", "a", "b,c,d")]
    [InlineData("a=b\\\\\nc=d", "a", "b\\")]
    [InlineData("a=b\\", "a", "b")]
    [InlineData("# x\n! y\n\n   # z\na=b", "a", "b")]
    [InlineData("a=1\ra=2\n", "a", "2")]
    public void The_syntax_is_that_of_java_properties(string text, string name, string expected) =>
        Assert.Equal(expected, ServerProperties.Parse(text).Values[name]);

    [Fact]
    public void Comments_and_empty_lines_are_no_keys() =>
        Assert.Empty(ServerProperties.Parse("#a=b\n!c=d\n \t \n").Names);

    [Fact]
    public void Keys_keep_the_order_in_which_they_first_appear() =>
        Assert.Equal(["b", "a", "c"], ServerProperties.Parse("b=1\na=1\nb=2\nc=1").Names);

    [Theory]
    [InlineData("a=b\nc=\\u12", "line 2: malformed \\u escape (expected four hex digits)")]
    [InlineData("c=\\uzzzz", "line 1: malformed \\u escape (expected four hex digits)")]
    [InlineData("a=1,\\\n2\n#\nc=\\u 123", "line 4: malformed \\u escape (expected four hex digits)")]
    public void A_malformed_escape_is_told_with_its_line(string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<ConfigException>(() => ServerProperties.Parse(text)).Message);

    [Fact]
    public void Overrides_win_over_the_file_and_the_last_of_them_wins()
    {
        ServerProperties properties = ServerProperties.Parse("a=1\nb=1").With(["b=2", " c = x=y ", "b=3", "d="]);
        Assert.Equal(["a", "b", "c", "d"], properties.Names);
        Assert.Equal("3", properties.Values["b"]);
        Assert.Equal("x=y", properties.Values["c"]);
        Assert.Equal("", properties.Values["d"]);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("=1")]
    public void An_override_without_key_or_equals_sign_is_refused(string text) =>
        Assert.Equal(
            $"--override: '{text}' is not an override (expected key=value)",
            Assert.Throws<ConfigException>(() => ServerProperties.Empty.With([text])).Message);

    [Fact]
    public void A_file_is_read_and_a_missing_or_huge_one_is_told_in_one_line()
    {
        string path = Path.Combine(Path.GetTempPath(), $"fastlog-{Guid.NewGuid():N}.properties");
        Assert.Equal($"{path}: no such file", Assert.Throws<ConfigException>(() => ServerProperties.ReadFile(path)).Message);
        try
        {
            File.WriteAllText(path, "\uFEFFlog.dirs=/data/gr\u00f6\u00dfe");
            Assert.Equal("/data/gr\u00f6\u00dfe", ServerProperties.ReadFile(path).Values["log.dirs"]);
            File.WriteAllBytes(path, new byte[ServerProperties.FileBytesMax + 1]);
            string message = Assert.Throws<ConfigException>(() => ServerProperties.ReadFile(path)).Message;
            Assert.Equal($"{path}: the file is larger than {ServerProperties.FileBytesMax} bytes", message);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Throws<ConfigException>(() => ServerProperties.ReadFile(Path.GetTempPath()));
    }
}
