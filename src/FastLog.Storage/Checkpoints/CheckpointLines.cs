using System.Globalization;
using System.Text;

namespace FastLog.Storage;

/// <summary>Kafka's text checkpoints: a version line, a line with the number of entries, a line per entry.</summary>
internal static class CheckpointLines
{
    private const char Version = '0';

    public static string Format(IReadOnlyCollection<string> entries)
    {
        StringBuilder text = new();
        text.Append(Version).Append('\n');
        text.Append(entries.Count.ToString(CultureInfo.InvariantCulture)).Append('\n');
        foreach (string entry in entries)
            text.Append(entry).Append('\n');
        return text.ToString();
    }

    /// <summary>The entries' fields, split at blanks.</summary>
    public static List<string[]> Parse(string path, string text, int fieldsPerEntry)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2 || lines[0] is not [Version])
            throw new CheckpointFormatException(path, "the first line must be version 0");
        if (!int.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count != lines.Length - 2)
            throw new CheckpointFormatException(path, $"{lines[1]} entries announced, {lines.Length - 2} found");
        List<string[]> entries = new(count);
        foreach (string line in lines.AsSpan(2))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length != fieldsPerEntry)
                throw new CheckpointFormatException(path, $"\"{line}\" has not {fieldsPerEntry} fields");
            entries.Add(fields);
        }
        return entries;
    }

    public static long ParseNumber(string path, string field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new CheckpointFormatException(path, $"\"{field}\" is not a number");
}
