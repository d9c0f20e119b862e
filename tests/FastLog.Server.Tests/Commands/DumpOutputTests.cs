using System.Text;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class DumpOutputTests
{
    [Fact]
    public void Text_quotes_what_blanks_would_tear_apart() =>
        Assert.Equal(
            "thing count=-1 plain=a/b quoted=\"a \\\"b\\\"\" holds key=\"k\" value=null bytes=base64:/w==\n",
            Print(output => new TextDumpOutput(output)));

    [Fact]
    public void Json_is_one_object_a_line() =>
        Assert.Equal(
            "{\"type\":\"thing\",\"count\":-1,\"plain\":\"a/b\",\"quoted\":\"a \\\"b\\\"\",\"holds\":true,\"fails\":false,"
            + "\"key\":\"k\",\"value\":null,\"bytesBase64\":\"/w==\"}\n",
            Print(output => new JsonDumpOutput(output)));

    private static string Print(Func<OutputBuffer, DumpOutput> create)
    {
        using var stream = new MemoryStream();
        var buffer = new OutputBuffer(stream);
        using var output = create(buffer);
        output.Begin("thing");
        output.Add("count", -1);
        output.Add("plain", "a/b");
        output.Add("nothing", null);
        output.Add("quoted", "a \"b\"");
        output.AddIf("holds", true);
        output.AddIf("fails", false);
        output.AddBytes("key", "k"u8, isNull: false);
        output.AddBytes("value", default, isNull: true);
        output.AddBytes("bytes", [0xff], isNull: false);
        output.End();
        buffer.Flush();
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
