using System.Globalization;
using FastLog.KafkaData;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>What Kafka's dump tool printed: the lines of each file, split into names and values.</summary>
internal static class KafkaDump
{
    private const string FileMark = "Dumping ";

    /// <summary>The lines of each file that was dumped, by its path below the log directory; records' lines are left out.</summary>
    public static Dictionary<string, List<Dictionary<string, string>>> Read(string name)
    {
        Dictionary<string, List<Dictionary<string, string>>> files = [];
        List<Dictionary<string, string>> current = [];
        foreach (string line in KafkaDataDirectory.ReadText(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith(FileMark, StringComparison.Ordinal))
                files[line[FileMark.Length..]] = current = [];
            else if (line[0] != '|' && !line.StartsWith("Log starting", StringComparison.Ordinal) && !line.StartsWith("Snapshot end", StringComparison.Ordinal))
                current.Add(Fields(line));
        }
        return files;
    }

    public static long Number(this Dictionary<string, string> fields, string name) =>
        long.Parse(fields[name], CultureInfo.InvariantCulture);

    /// <summary>An OptionalLong; -1 when it is empty.</summary>
    public static long Optional(this Dictionary<string, string> fields, string name) =>
        fields[name] == "OptionalLong.empty"
            ? -1
            : long.Parse(fields[name].AsSpan("OptionalLong[".Length).TrimEnd(']'), CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Fields(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> fields = [];
        for (int i = 0; i + 1 < words.Length; i += 2)
            fields[words[i].TrimEnd(':')] = words[i + 1];
        return fields;
    }
}
