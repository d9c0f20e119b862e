using System.Globalization;
using System.Text;

namespace FastLog.Cluster.Configs;

/// <summary>
/// The .properties syntax of Java: lines of <c>key=value</c>, <c>key: value</c> or <c>key value</c>; comments begin
/// with <c>#</c> or <c>!</c>; a backslash at a line's end continues it, and elsewhere escapes the next character.
/// </summary>
internal static class PropertiesParser
{
    public static List<KeyValuePair<string, string>> Parse(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        var logical = new StringBuilder();
        for (int i = 0; i < lines.Length; i++)
        {
            int firstLine = i + 1;
            string line = lines[i].TrimStart();
            if (line.Length == 0 || line[0] is '#' or '!')
            {
                continue;
            }

            logical.Clear();
            while (EndsInContinuation(line) && i + 1 < lines.Length)
            {
                logical.Append(line, 0, line.Length - 1);
                line = lines[++i].TrimStart();
            }

            // A lone backslash at the very end of the file continues nothing.
            logical.Append(EndsInContinuation(line) ? line[..^1] : line);
            pairs.Add(ParseLine(logical.ToString(), firstLine));
        }

        return pairs;
    }

    private static bool EndsInContinuation(string line)
    {
        int backslashes = 0;
        while (backslashes < line.Length && line[^(backslashes + 1)] == '\\')
        {
            backslashes++;
        }

        return backslashes % 2 == 1;
    }

    private static KeyValuePair<string, string> ParseLine(string line, int lineNumber)
    {
        int keyEnd = 0;
        while (keyEnd < line.Length && line[keyEnd] is not ('=' or ':') && !char.IsWhiteSpace(line[keyEnd]))
        {
            keyEnd += line[keyEnd] == '\\' ? 2 : 1;
        }

        keyEnd = Math.Min(keyEnd, line.Length);
        ReadOnlySpan<char> value = line.AsSpan(keyEnd).TrimStart();
        if (value.Length > 0 && value[0] is '=' or ':')
        {
            value = value[1..];
        }

        return KeyValuePair.Create(
            Unescape(line.AsSpan(0, keyEnd), lineNumber), Unescape(value, lineNumber).Trim());
    }

    private static string Unescape(ReadOnlySpan<char> text, int lineNumber)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            i++;
            switch (text[i])
            {
                case 't':
                    plain.Append('\t');
                    break;
                case 'n':
                    plain.Append('\n');
                    break;
                case 'r':
                    plain.Append('\r');
                    break;
                case 'f':
                    plain.Append('\f');
                    break;
                case 'u':
                    plain.Append(UnicodeEscape(text[(i + 1)..], lineNumber));
                    i += 4;
                    break;
                default:
                    plain.Append(text[i]);
                    break;
            }
        }

        return plain.ToString();
    }

    private static char UnicodeEscape(ReadOnlySpan<char> digits, int lineNumber)
    {
        bool isGood = digits.Length >= 4;
        ushort code = 0;
        isGood = isGood
            && ushort.TryParse(digits[..4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
        return isGood
            ? (char)code
            : throw new ConfigException(
                $"line {lineNumber.ToString(CultureInfo.InvariantCulture)}: " +
                "malformed \\u escape (expected four hex digits)");
    }
}
