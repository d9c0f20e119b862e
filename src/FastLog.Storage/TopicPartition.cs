using System.Globalization;

namespace FastLog.Storage;

/// <summary>The name of a partition, which is also the name of its directory: <c>topic-partition</c>.</summary>
public readonly record struct TopicPartition(string Topic, int Partition)
{
    /// <summary>Reads a directory's name; false for anything but <c>topic-number</c>.</summary>
    public static bool TryParse(string name, out TopicPartition partition)
    {
        partition = default;
        int dash = name.LastIndexOf('-');
        if (dash <= 0 || name.Contains('.') && IsMarked(name))
            return false;
        if (!int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return false;
        partition = new TopicPartition(name[..dash], number);
        return true;
    }

    /// <summary>The directory's name.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Partition}");

    private static bool IsMarked(string name) =>
        name.EndsWith("-delete", StringComparison.Ordinal)
        || name.EndsWith("-future", StringComparison.Ordinal)
        || name.EndsWith("-stray", StringComparison.Ordinal);
}
