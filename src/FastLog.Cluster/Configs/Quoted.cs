using System.Text;

namespace FastLog.Cluster.Configs;

/// <summary>Shows foreign text inside one line of a message: no control characters, bounded length.</summary>
internal static class Quoted
{
    private const int LengthMax = 120;

    /// <summary>The text in single quotes.</summary>
    public static string Value(string text) => $"'{Plain(text)}'";

    /// <summary>The text without quotes.</summary>
    public static string Plain(string text)
    {
        var shown = new StringBuilder(Math.Min(text.Length, LengthMax) + 3);
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, LengthMax)))
        {
            shown.Append(char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c);
        }

        return text.Length > LengthMax ? shown.Append("...").ToString() : shown.ToString();
    }
}
