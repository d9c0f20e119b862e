using System.Globalization;

namespace FastLog.Server.Commands;

/// <summary>Reads <c>T</c> and <c>T:0,1</c>.</summary>
internal static class TopicPartitions
{
    /// <summary>The topic and its partitions; none for all of them.</summary>
    /// <exception cref="FormatException">It is neither.</exception>
    public static (string Topic, IReadOnlyList<int> Partitions) Parse(string text)
    {
        // A topic's name has no colon.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return (text, []);
        }

        List<int> partitions = [];
        foreach (var part in text[(colon + 1)..].Split(','))
        {
            partitions.Add(int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                ? partition
                : throw new FormatException($"--topic {text}: not TOPIC or TOPIC:0,1"));
        }

        return (text[..colon], partitions);
    }
}
