using System.Globalization;
using System.Text;

namespace FastLog.Server.Commands.Output;

/// <summary>Text of other people's making (client ids, config values) on a terminal: it must not steer it.</summary>
internal static class ShownText
{
    /// <summary>The text, control characters as <c>\u001b</c>.</summary>
    public static string Of(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.ToString();
    }
}
