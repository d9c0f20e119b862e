using System.Globalization;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>Reads <c>--from</c>.</summary>
internal static class ConsumeStart
{
    public const string Help = "Where to start: start, end, an OFFSET, or a TIMESTAMP: ISO 8601 such as "
        + "2026-01-31T12:00:00Z (UTC when no zone is given), or s@MS for milliseconds since 1970 as with kcat.";

    private const string MillisecondsPrefix = "s@";

    /// <summary>The position that <paramref name="text"/> means.</summary>
    /// <exception cref="FormatException">It means none.</exception>
    public static StartPosition Parse(string text)
    {
        switch (text)
        {
            case "start" or "earliest" or "beginning":
                return StartPosition.Earliest;
            case "end" or "latest":
                return StartPosition.Latest;
        }

        if (TryParseNumber(text, out var offset))
        {
            return StartPosition.AtOffset(offset);
        }

        // Not a bare @: the command line would take that for the name of a file with arguments.
        if (text.StartsWith(MillisecondsPrefix, StringComparison.Ordinal)
            && TryParseNumber(text.AsSpan(MillisecondsPrefix.Length), out var timestampMs))
        {
            return StartPosition.AtTimestamp(timestampMs);
        }

        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, styles, out var time) && time >= DateTimeOffset.UnixEpoch
            ? StartPosition.AtTimestamp(time.ToUnixTimeMilliseconds())
            : throw new FormatException(
                $"--from {text}: not start, end, an offset, an ISO 8601 time or s@MILLISECONDS");
    }

    private static bool TryParseNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
