using System.Buffers;
using System.Text;
using System.Text.Json;
using FastLog.Records;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class RecordFormatTests
{
    [Theory]
    [InlineData("%s\\n", "value\n")]
    [InlineData("%t [%p] %o", "topic [3] 42")]
    [InlineData("%k=%s", "key=value")]
    [InlineData("%K %S", "3 5")]
    [InlineData("%T", "1700000000123")]
    [InlineData("%h", "a=1,b=")]
    [InlineData("100%%", "100%")]
    [InlineData("\\t\\r\\\\\\x41\\0", "\t\r\\A\0")]
    [InlineData("plain", "plain")]
    [InlineData("", "")]
    public void Tokens_print_what_kcat_prints(string format, string expected) =>
        Assert.Equal(expected, Print(format, "key", "value"));

    [Fact]
    public void Null_prints_as_nothing_with_length_minus_one() =>
        Assert.Equal("[]-1[]-1", Print("[%k]%K[%s]%S", null, null));

    [Theory]
    [InlineData("%x")]
    [InlineData("%")]
    [InlineData("\\q")]
    [InlineData("\\")]
    [InlineData("\\xZZ")]
    public void What_means_nothing_is_refused(string format) =>
        Assert.Throws<FormatException>(() => RecordFormat.Parse(format));

    [Fact]
    public void Json_keeps_text_as_text_and_other_bytes_as_base64()
    {
        var output = new ArrayBufferWriter<byte>();
        using var json = new RecordJson(output);
        json.Write("topic", 3, Record([0xFF, 0xFE], "grüße \"x\""u8.ToArray()));
        json.Write("topic", 3, Record(null, null));
        var lines = Encoding.UTF8.GetString(output.WrittenSpan).Split('\n');
        Assert.Equal(3, lines.Length);
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("//4=", first.RootElement.GetProperty("keyBase64").GetString());
        Assert.Equal("grüße \"x\"", first.RootElement.GetProperty("value").GetString());
        Assert.Equal(42, first.RootElement.GetProperty("offset").GetInt64());
        Assert.Equal("1", first.RootElement.GetProperty("headers")[0].GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.Null, first.RootElement.GetProperty("headers")[1].GetProperty("value").ValueKind);
        using var second = JsonDocument.Parse(lines[1]);
        Assert.Equal(JsonValueKind.Null, second.RootElement.GetProperty("key").ValueKind);
        Assert.Equal(JsonValueKind.Null, second.RootElement.GetProperty("value").ValueKind);
    }

    private static string Print(string format, string? key, string? value)
    {
        var output = new ArrayBufferWriter<byte>();
        var record = Record(key is null ? null : Encoding.UTF8.GetBytes(key), value is null ? null : Encoding.UTF8.GetBytes(value));
        RecordFormat.Parse(format).Write(output, "topic"u8, 3, record);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static RecordView Record(byte[]? key, byte[]? value)
    {
        var builder = new RecordBatchBuilder();
        builder.Begin(baseOffset: 42);
        RecordHeader[] headers = [new("a"u8.ToArray(), "1"u8.ToArray()), new("b"u8.ToArray())];
        builder.TryAppend(1_700_000_000_123, key, key is null, value, value is null, headers);
        var records = new RecordBatchView(builder.Build().Span).GetEnumerator();
        Assert.True(records.MoveNext());
        return records.Current;
    }
}
