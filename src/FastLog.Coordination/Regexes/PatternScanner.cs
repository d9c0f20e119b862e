namespace FastLog.Coordination.Regexes;

/// <summary>Walks over a pattern, code point by code point.</summary>
internal sealed class PatternScanner(string pattern)
{
    /// <summary>What <see cref="Next"/> is at the end.</summary>
    public const int End = -1;

    /// <summary>The next UTF-16 unit's index.</summary>
    public int Position { get; private set; }

    public bool IsAtEnd => Position == pattern.Length;

    /// <summary>The next code point, or <see cref="End"/>. Half of a surrogate pair counts as itself.</summary>
    public int Next => IsAtEnd ? End
        : Position + 1 < pattern.Length && char.IsSurrogatePair(pattern, Position) ? char.ConvertToUtf32(pattern, Position)
        : pattern[Position];

    public bool LooksAt(string text) => string.CompareOrdinal(pattern, Position, text, 0, text.Length) == 0;

    /// <summary>Takes the next code point, which must be there.</summary>
    public int Take()
    {
        var next = Next;
        Position += next > char.MaxValue ? 2 : 1;
        return next;
    }

    /// <summary>Takes a text if it comes next.</summary>
    public bool TryTake(string text)
    {
        if (!LooksAt(text))
        {
            return false;
        }

        Position += text.Length;
        return true;
    }

    /// <summary>Takes what lies before a text, and the text; null, and nothing is taken, if the text does not follow.</summary>
    public string? TakeUpTo(string text)
    {
        var end = pattern.IndexOf(text, Position, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var taken = pattern[Position..end];
        Position = end + text.Length;
        return taken;
    }

    /// <summary>Goes back to where it was before.</summary>
    public void Return(int position) => Position = position;
}
