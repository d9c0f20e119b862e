using System;
using System.Globalization;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Parsing;

/// <summary>The words of one line, taken from left to right.</summary>
internal sealed class Tokens(string line, int lineNumber)
{
    private static readonly char[] Blanks = [' ', '\t'];
    private readonly string[] _words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
    private int _next;

    public int LineNumber { get; } = lineNumber;

    public string? Peek => _next < _words.Length ? _words[_next] : null;

    public string Take(string expected) =>
        _next < _words.Length ? _words[_next++] : throw Error($"expected {expected} at the end of the line");

    public bool TryTake(string word)
    {
        bool found = Peek == word;
        _next += found ? 1 : 0;
        return found;
    }

    public void Require(string word)
    {
        if (!TryTake(word))
        {
            throw Error($"expected '{word}' but found '{Peek ?? "the end of the line"}'");
        }
    }

    public void RequireEnd()
    {
        if (Peek is not null)
        {
            throw Error($"unexpected '{Peek}'");
        }
    }

    public string TakeName(string expected)
    {
        string name = Take(expected);
        if (!IsName(name))
        {
            throw Error($"'{name}' is no name: {expected} starts with a capital letter and has letters and digits");
        }

        return name;
    }

    public int TakeNumber(string expected)
    {
        string word = Take(expected);
        return TryNumber(word, out int number) ? number : throw Error($"'{word}' is no {expected}");
    }

    public VersionRange TakeVersions(string expected)
    {
        string word = Take(expected);
        return TryVersions(word, out VersionRange range) ? range : throw Error($"'{word}' is no version range");
    }

    /// <summary>Reads <c>3</c>, <c>3+</c> or <c>3..7</c>.</summary>
    public static bool TryVersions(string word, out VersionRange range)
    {
        range = default;
        if (word.EndsWith("+", StringComparison.Ordinal))
        {
            bool open = TryNumber(word.Substring(0, word.Length - 1), out int low);
            range = new VersionRange(low, VersionRange.Open);
            return open;
        }

        int dots = word.IndexOf("..", StringComparison.Ordinal);
        string first = dots < 0 ? word : word.Substring(0, dots);
        string last = dots < 0 ? word : word.Substring(dots + 2);
        bool isRange = TryNumber(first, out int from) & TryNumber(last, out int to) && from <= to;
        range = new VersionRange(from, to);
        return isRange;
    }

    public SchemaException Error(string message) => new(LineNumber, message);

    private static bool IsName(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsLetterOrDigit(c))
            {
                return false;
            }
        }

        return char.IsUpper(word[0]);
    }

    private static bool TryNumber(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < VersionRange.Open;
}
