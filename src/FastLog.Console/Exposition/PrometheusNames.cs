using System.Globalization;
using System.Text;

namespace FastLog.WebConsole.Exposition;

/// <summary>
/// How instruments are called in Prometheus' text format: dots become underscores, the unit comes last but for a
/// counter's <c>_total</c>. <c>fastlog.request</c> in <c>s</c> is <c>fastlog_request_seconds</c>.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>The name of the family that an instrument's series belong to.</summary>
    /// <param name="instrument">The instrument's name.</param>
    /// <param name="unit">Its unit in UCUM: s, By; what is in braces is for people, and left out.</param>
    /// <param name="kind">What it measures.</param>
    public static string Of(string instrument, string? unit, MetricKind kind)
    {
        string name = Plain(instrument);
        string? suffix = unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => null,
        };
        if (suffix is not null && !name.EndsWith(suffix, StringComparison.Ordinal))
        {
            name += suffix;
        }

        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Labels as they are written, without the braces; in the order given.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Plain(key)).Append("=\"");
            Escape(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }

        return text.ToString();
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append("\\n"),
                _ => text.Append(c),
            };
        }
    }

    private static string Plain(string name) =>
        string.Create(name.Length, name, (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                bool isAllowed = char.IsAsciiLetter(from[i]) || (i > 0 && char.IsAsciiDigit(from[i]));
                to[i] = isAllowed ? from[i] : '_';
            }
        });
}
