namespace FastLog.Server.Commands;

/// <summary>Reads arguments of the form <c>key=value</c>.</summary>
internal static class KeyValueText
{
    /// <summary>Splits at the first <c>=</c>.</summary>
    /// <exception cref="FormatException">There is none, or nothing before it.</exception>
    public static KeyValuePair<string, string> Parse(string text, string option)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw new FormatException($"{option} {text}: not of the form key=value");
    }
}
