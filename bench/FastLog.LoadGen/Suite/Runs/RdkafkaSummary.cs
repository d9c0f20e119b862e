using System.Globalization;
using System.Text.RegularExpressions;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>The line that librdkafka's <c>rdkafka_performance</c> ends with.</summary>
/// <param name="RecordsCount">Delivered or consumed.</param>
/// <param name="BytesCount">Of their values.</param>
/// <param name="FailedCount">Not delivered.</param>
/// <param name="Seconds">From the first to the last, as it says.</param>
internal sealed partial record RdkafkaSummary(long RecordsCount, long BytesCount, long FailedCount, double Seconds)
{
    /// <summary>Reads the last such line of an output; lines of the same form before it tell of progress.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static RdkafkaSummary Parse(string output)
    {
        Match? line = Produced().Matches(output).Concat(Consumed().Matches(output)).MaxBy(match => match.Index);
        if (line is null)
        {
            throw new FormatException("rdkafka_performance printed no summary");
        }

        long failed = line.Groups["failed"].Success ? Number(line, "failed") : 0;
        return new RdkafkaSummary(
            line.Groups["delivered"].Success ? Number(line, "delivered") : Number(line, "records"),
            Number(line, "bytes"),
            failed,
            Number(line, "ms") / 1000.0);
    }

    private static long Number(Match line, string group) => long.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    // % 1000000 messages produced (100000000 bytes), 1000000 delivered (offset 999999, 0 failed) in 1940ms: ...
    [GeneratedRegex(
        @"% (?<records>\d+) messages produced \((?<bytes>\d+) bytes\), (?<delivered>\d+) delivered \(offset -?\d+, (?<failed>\d+) failed\) in (?<ms>\d+)ms:")]
    private static partial Regex Produced();

    // % 1000000 messages (100000000 bytes) consumed in 621ms: ...
    [GeneratedRegex(@"% (?<records>\d+) messages \((?<bytes>\d+) bytes\) consumed in (?<ms>\d+)ms:")]
    private static partial Regex Consumed();
}
