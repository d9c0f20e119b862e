using System.Text;

namespace FastLog.Protocol;

/// <summary>
/// Remembers strings by their UTF-8 bytes, so that a topic name that arrives with every request is one string and not
/// one per request. Bounded: a new string takes the place of another with the same hash slot. Several threads may share
/// a cache; at worst they decode a string twice.
/// </summary>
public sealed class StringCache
{
    /// <summary>Longest string that is remembered, in UTF-8 bytes; a topic name has at most 249.</summary>
    public const int StringBytesMax = 256;

    private readonly Entry?[] _entries;

    /// <summary>A cache of at most <paramref name="entriesMax"/> strings, rounded up to a power of two.</summary>
    public StringCache(int entriesMax = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(entriesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entriesMax, 1 << 20);
        _entries = new Entry?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)entriesMax)];
    }

    /// <summary>The string these bytes are; malformed UTF-8 is read as U+FFFD, as Kafka does.</summary>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > StringBytesMax)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var hash = default(HashCode);
        hash.AddBytes(utf8);
        ref Entry? slot = ref _entries[hash.ToHashCode() & (_entries.Length - 1)];
        Entry? entry = slot;
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            slot = entry;
        }

        return entry.Text;
    }

    private sealed class Entry(byte[] utf8, string text)
    {
        public byte[] Utf8 { get; } = utf8;

        public string Text { get; } = text;
    }
}
