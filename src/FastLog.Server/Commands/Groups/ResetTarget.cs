using System.Globalization;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>Where a group's offsets are to go: to a position, or by a number of records.</summary>
/// <param name="Position">The position, or null.</param>
/// <param name="ShiftBy">The number of offsets, when there is no position.</param>
internal sealed record ResetTarget(StartPosition? Position, long ShiftBy)
{
    /// <summary>A position in time: ISO 8601, UTC when no zone is given, or milliseconds since 1970.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static StartPosition Timestamp(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var timestampMs)
            ? StartPosition.AtTimestamp(timestampMs)
            : ConsumeStart.Parse(text) is { Offset: null } position && position != StartPosition.Earliest && position != StartPosition.Latest
                ? position
                : throw new FormatException($"--to-timestamp {text}: not an ISO 8601 time or milliseconds since 1970");

    /// <summary>What becomes of one partition.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="current">What is committed, or null.</param>
    /// <param name="asked">What the broker said for <see cref="Position"/>; below 0 when no record is that late.</param>
    /// <param name="range">The first offset of the log, and the one after the last.</param>
    /// <exception cref="FormatException">Nothing is committed to shift from.</exception>
    public ResetPartition Reset(TopicAndPartition partition, long? current, long asked, (long First, long End) range)
    {
        if (Position is null && current is null)
        {
            throw new FormatException($"--shift-by: nothing is committed for {partition}");
        }

        var isTooLate = Position is { Offset: null } && asked < 0;
        var wanted = Position is { } position ? position.Offset ?? (isTooLate ? range.End : asked) : Sum(current!.Value, ShiftBy);
        var clamped = Math.Clamp(wanted, range.First, Math.Max(range.First, range.End));
        var note = isTooLate ? "no record is that late: the end"
            : clamped == wanted ? null
            : string.Create(CultureInfo.InvariantCulture, $"{wanted} is outside of the log: {range.First} to {range.End}");
        return new ResetPartition(partition.Topic, partition.Partition, current, clamped, note);
    }

    private static long Sum(long offset, long shift) => shift > 0 && offset > long.MaxValue - shift ? long.MaxValue : offset + shift;
}
