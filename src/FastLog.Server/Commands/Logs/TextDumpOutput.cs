using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace FastLog.Server.Commands;

/// <summary>Lines of <c>name=value</c>; texts that blanks or quotes would tear apart stand in quotes.</summary>
internal sealed class TextDumpOutput(OutputBuffer output) : DumpOutput
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(" \"\\=\n\r\t");

    private readonly StringBuilder _line = new();

    public override void Begin(string type) => _line.Clear().Append(type);

    public override void Add(string name, long value) =>
        _line.Append(' ').Append(name).Append('=').Append(CultureInfo.InvariantCulture, $"{value}");

    public override void Add(string name, string? value)
    {
        if (value is not null)
        {
            var isPlain = value.Length > 0 && !value.AsSpan().ContainsAny(NeedQuotes);
            _line.Append(' ').Append(name).Append('=').Append(isPlain ? value : Quoted(value));
        }
    }

    public override void AddIf(string name, bool holds)
    {
        if (holds)
        {
            _line.Append(' ').Append(name);
        }
    }

    public override void AddBytes(string name, ReadOnlySpan<byte> bytes, bool isNull)
    {
        _line.Append(' ').Append(name).Append('=');
        if (isNull)
        {
            _line.Append("null");
        }
        else if (Utf8.IsValid(bytes))
        {
            _line.Append(Quoted(Encoding.UTF8.GetString(bytes)));
        }
        else
        {
            _line.Append("base64:").Append(Convert.ToBase64String(bytes));
        }
    }

    public override void End()
    {
        _line.Append('\n');
        foreach (var chunk in _line.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }

        output.FlushIfFull();
    }

    private static string Quoted(string text) =>
        $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
