using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace FastLog.Server.Commands;

/// <summary>One JSON object a line, with the kind of thing as <c>type</c>. Bytes that are no UTF-8 stand as base64 under
/// another name (<c>valueBase64</c> in place of <c>value</c>).</summary>
internal sealed class JsonDumpOutput : DumpOutput
{
    private readonly OutputBuffer _output;
    private readonly Utf8JsonWriter _writer;

    public JsonDumpOutput(OutputBuffer output)
    {
        _output = output;
        _writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public override void Begin(string type)
    {
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("type", type);
    }

    public override void Add(string name, long value) => _writer.WriteNumber(name, value);

    public override void Add(string name, string? value)
    {
        if (value is not null)
        {
            _writer.WriteString(name, value);
        }
    }

    public override void AddIf(string name, bool holds) => _writer.WriteBoolean(name, holds);

    public override void AddBytes(string name, ReadOnlySpan<byte> bytes, bool isNull)
    {
        if (isNull)
        {
            _writer.WriteNull(name);
        }
        else if (Utf8.IsValid(bytes))
        {
            _writer.WriteString(name, bytes);
        }
        else
        {
            _writer.WriteBase64String(name + "Base64", bytes);
        }
    }

    public override void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _output.Write("\n"u8);
        _output.FlushIfFull();
    }

    public override void Dispose()
    {
        _writer.Dispose();
        base.Dispose();
    }
}
