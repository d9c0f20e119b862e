using System.Globalization;

namespace FastLog.Storage;

/// <summary>The names of a log's files: the base offset in 20 digits and what the file is.</summary>
internal static class SegmentNames
{
    public const string Log = ".log";
    public const string Index = ".index";
    public const string TimeIndex = ".timeindex";
    public const string TransactionIndex = ".txnindex";
    public const string Snapshot = ".snapshot";
    public const string Deleted = ".deleted";
    public const string Cleaned = ".cleaned";
    public const string Swap = ".swap";

    private const int OffsetDigits = 20;

    /// <summary>What belongs to one segment and goes with it.</summary>
    public static readonly string[] PerSegment = [Log, Index, TimeIndex, TransactionIndex];

    public static string Of(long offset, string suffix) => offset.ToString("D20", CultureInfo.InvariantCulture) + suffix;

    public static string PathOf(string directory, long offset, string suffix) => Path.Combine(directory, Of(offset, suffix));

    /// <summary>Reads the offset of a name that is 20 digits and the suffix, nothing else.</summary>
    public static bool TryParse(string name, string suffix, out long offset)
    {
        offset = 0;
        return name.Length == OffsetDigits + suffix.Length
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out offset);
    }
}
