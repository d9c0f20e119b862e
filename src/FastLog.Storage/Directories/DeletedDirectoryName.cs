using System.Buffers;

namespace FastLog.Storage;

/// <summary><c>topic-partition.uuidhex-delete</c>: what a log's directory is called from its deletion to its removal.</summary>
internal static class DeletedDirectoryName
{
    private const string Suffix = "-delete";
    private const int NameCharsMax = 255;
    private const int UuidChars = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Of(TopicPartition partition, Guid unique)
    {
        string tail = "." + unique.ToString("N") + Suffix;
        string name = partition.ToString();
        return name[..Math.Min(name.Length, NameCharsMax - tail.Length)] + tail;
    }

    public static bool Matches(string name)
    {
        int dot = name.Length - Suffix.Length - UuidChars - 1;
        return dot > 0
            && name[dot] == '.'
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && name.AsSpan(dot + 1, UuidChars).IndexOfAnyExcept(HexDigits) < 0;
    }
}
