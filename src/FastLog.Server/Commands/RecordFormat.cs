using System.Buffers;
using System.Buffers.Text;
using System.Text;
using FastLog.Records;

namespace FastLog.Server.Commands;

/// <summary>How <c>fastlog consume</c> prints a record: a text with kcat's tokens, taken apart once.</summary>
internal sealed class RecordFormat
{
    public const string Help = "How a record is printed, with kcat's tokens: %t topic, %p partition, %o offset, %k key, "
        + "%K its length, %s value, %S its length, %T timestamp in ms, %h headers as k=v,k=v, %% a percent sign; "
        + "and \\n \\r \\t \\0 \\\\ \\xHH. Null prints as nothing, its length as -1.";

    private const string Tokens = "tpokKsSTh";
    private const int NumberBytesMax = 20;

    private readonly List<(char Token, byte[] Text)> _parts = [];

    private RecordFormat()
    {
    }

    /// <summary>Takes a format apart.</summary>
    /// <exception cref="FormatException">It has an unknown token or escape.</exception>
    public static RecordFormat Parse(string text)
    {
        var format = new RecordFormat();
        var resolved = TextEscapes.Resolve(text);
        var literal = new StringBuilder();
        for (var i = 0; i < resolved.Length; i++)
        {
            var next = i + 1 < resolved.Length ? resolved[i + 1] : ' ';
            if (resolved[i] != '%')
            {
                literal.Append(resolved[i]);
                continue;
            }

            i++;
            if (next == '%')
            {
                literal.Append('%');
            }
            else if (Tokens.Contains(next, StringComparison.Ordinal))
            {
                format.AddLiteral(literal);
                format._parts.Add((next, []));
            }
            else
            {
                throw new FormatException($"--format: %{next} is no token; known are %t %p %o %k %K %s %S %T %h %%");
            }
        }

        format.AddLiteral(literal);
        return format;
    }

    /// <summary>Prints one record.</summary>
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> topic, int partition, in RecordView record)
    {
        foreach (var (token, text) in _parts)
        {
            switch (token)
            {
                case 't':
                    output.Write(topic);
                    break;
                case 'p':
                    WriteNumber(output, partition);
                    break;
                case 'o':
                    WriteNumber(output, record.Offset);
                    break;
                case 'k':
                    output.Write(record.Key);
                    break;
                case 'K':
                    WriteNumber(output, record.KeyIsNull ? -1 : record.Key.Length);
                    break;
                case 's':
                    output.Write(record.Value);
                    break;
                case 'S':
                    WriteNumber(output, record.ValueIsNull ? -1 : record.Value.Length);
                    break;
                case 'T':
                    WriteNumber(output, record.TimestampMs);
                    break;
                case 'h':
                    WriteHeaders(output, record);
                    break;
                default:
                    output.Write(text);
                    break;
            }
        }
    }

    private void AddLiteral(StringBuilder literal)
    {
        if (literal.Length > 0)
        {
            _parts.Add(('\0', Encoding.UTF8.GetBytes(literal.ToString())));
            literal.Clear();
        }
    }

    private static void WriteNumber(IBufferWriter<byte> output, long number)
    {
        Utf8Formatter.TryFormat(number, output.GetSpan(NumberBytesMax), out var written);
        output.Advance(written);
    }

    private static void WriteHeaders(IBufferWriter<byte> output, in RecordView record)
    {
        var isFirst = true;
        foreach (var header in record.Headers)
        {
            output.Write(isFirst ? ""u8 : ","u8);
            output.Write(header.Key);
            output.Write("="u8);
            output.Write(header.Value);
            isFirst = false;
        }
    }
}
