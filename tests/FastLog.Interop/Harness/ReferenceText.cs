using System.Text;
using System.Text.RegularExpressions;

namespace FastLog.Interop.Harness;

/// <summary>
/// A real text to send through a broker: lines of the .NET reference pages, each under the name of the member that it
/// tells about. Long and short lines, empty ones and many in a row under one key, as real data has them.
/// </summary>
internal static partial class ReferenceText
{
    /// <summary>The least number of lines.</summary>
    public const int LinesMin = 100_000;

    private static readonly Lazy<IReadOnlyList<TextLine>> LazyLines = new(Read);

    /// <summary>The lines in their order: every key has at least one character, no key or value holds a tab or line end.</summary>
    public static IReadOnlyList<TextLine> Lines => LazyLines.Value;

    /// <summary>The text as kcat reads it: key, tab, value, line end.</summary>
    public static byte[] AsKeyTabValue(IEnumerable<TextLine> lines)
    {
        var text = new StringBuilder();
        foreach (TextLine line in lines)
        {
            text.Append(line.Key).Append('\t').Append(line.Value).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<TextLine> Read()
    {
        var lines = new List<TextLine>(LinesMin + 1_000);
        IOrderedEnumerable<FileInfo> pages = new DirectoryInfo(TestRunPaths.Text)
            .EnumerateFiles("*.xml", SearchOption.AllDirectories)
            .OrderByDescending(page => page.Length).ThenBy(page => page.Name, StringComparer.Ordinal);
        foreach (FileInfo page in pages)
        {
            string key = page.Name;
            foreach (string line in File.ReadLines(page.FullName))
            {
                Match member = MemberName().Match(line);
                key = member.Success ? member.Groups[1].Value : key;
                lines.Add(new TextLine(key, line.Replace('\t', ' ')));
            }

            if (lines.Count >= LinesMin)
            {
                return lines;
            }
        }

        throw new InvalidOperationException($"{TestRunPaths.Text} holds only {lines.Count} lines.");
    }

    [GeneratedRegex("<member name=\"([^\"\t]+)\"")]
    private static partial Regex MemberName();
}

/// <summary>One line and what it belongs to.</summary>
/// <param name="Key">The record's key.</param>
/// <param name="Value">The record's value.</param>
internal readonly record struct TextLine(string Key, string Value);
