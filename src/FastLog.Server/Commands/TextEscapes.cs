using System.Globalization;
using System.Text;

namespace FastLog.Server.Commands;

/// <summary>Escapes in arguments, as C and kcat write them: \n \r \t \\ \0 \xHH.</summary>
internal static class TextEscapes
{
    /// <summary>The text with its escapes replaced by what they stand for.</summary>
    /// <exception cref="FormatException">An escape is not known.</exception>
    public static string Resolve(string text)
    {
        var resolved = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                resolved.Append(Read(text, ref i));
            }
            else
            {
                resolved.Append(text[i]);
            }
        }

        return resolved.ToString();
    }

    private static char Read(string text, ref int i)
    {
        i++;
        switch (i < text.Length ? text[i] : ' ')
        {
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case '0':
                return '\0';
            case '\\':
                return '\\';
            case 'x' when i + 2 < text.Length && byte.TryParse(
                text.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value):
                i += 2;
                return (char)value;
            default:
                throw new FormatException($"'{text}' has an unknown escape; known are \\n \\r \\t \\0 \\\\ \\xHH");
        }
    }
}
