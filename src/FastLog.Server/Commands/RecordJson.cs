using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using FastLog.Records;

namespace FastLog.Server.Commands;

/// <summary>Prints records as JSON, one object a line. Bytes that are no UTF-8 stand as base64 under another name
/// (<c>valueBase64</c> in place of <c>value</c>).</summary>
internal sealed class RecordJson : IDisposable
{
    private readonly Utf8JsonWriter _writer;
    private readonly IBufferWriter<byte> _output;

    public RecordJson(IBufferWriter<byte> output)
    {
        _output = output;
        // The lines go to programs and terminals, never into a page of HTML.
        _writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Prints one record.</summary>
    public void Write(string topic, int partition, in RecordView record)
    {
        _writer.Reset();
        _writer.WriteStartObject();
        _writer.WriteString("topic", topic);
        _writer.WriteNumber("partition", partition);
        _writer.WriteNumber("offset", record.Offset);
        _writer.WriteNumber("timestampMs", record.TimestampMs);
        WriteBytes("key", "keyBase64", record.Key, record.KeyIsNull);
        WriteBytes("value", "valueBase64", record.Value, record.ValueIsNull);
        if (record.HeaderCount > 0)
        {
            _writer.WriteStartArray("headers");
            foreach (var header in record.Headers)
            {
                _writer.WriteStartObject();
                _writer.WriteString("key", header.KeyText);
                WriteBytes("value", "valueBase64", header.Value, header.ValueIsNull);
                _writer.WriteEndObject();
            }

            _writer.WriteEndArray();
        }

        _writer.WriteEndObject();
        _writer.Flush();
        _output.Write("\n"u8);
    }

    private void WriteBytes(string name, string base64Name, ReadOnlySpan<byte> bytes, bool isNull)
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
            _writer.WriteBase64String(base64Name, bytes);
        }
    }
}
