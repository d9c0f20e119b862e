namespace FastLog.Coordination.Regexes;

/// <summary>What a backslash begins: characters that cannot be written plainly, and classes by name.</summary>
internal static class PatternEscapes
{
    private const int CodePointMax = 0x10FFFF;

    /// <summary>A class such as \d, \W, \pN or \P{Greek}; false, and nothing is taken, if none comes next.</summary>
    public static bool TryTakeClass(PatternScanner scanner, bool ignoresCase, out AsciiSet set)
    {
        var start = scanner.Position;
        set = AsciiSet.None;
        if (!scanner.TryTake("\\") || scanner.IsAtEnd)
        {
            scanner.Return(start);
            return false;
        }

        var letter = scanner.Take();
        if (letter is 'p' or 'P')
        {
            set = TakeUnicode(scanner, letter == 'P', ignoresCase);
            return true;
        }

        // In ASCII, upper case differs from lower by one bit; it negates the class.
        if (letter > 127 || !char.IsAsciiLetter((char)letter) || !NamedSets.TryFindPerl(letter | 0x20, out set))
        {
            scanner.Return(start);
            return false;
        }

        set = char.IsAsciiLetterUpper((char)letter) ? ~set : set;
        return true;
    }

    /// <summary>The code point that an escape stands for; the backslash comes next.</summary>
    public static int TakeCodePoint(PatternScanner scanner)
    {
        scanner.Take();
        if (scanner.IsAtEnd)
        {
            throw new PatternSyntaxException("trailing backslash at end of expression");
        }

        var letter = scanner.Take();
        return letter switch
        {
            'a' => '\a',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\v',
            'x' => TakeHexadecimal(scanner),
            '0' => TakeOctal(scanner, letter),
            >= '1' and <= '7' when scanner.Next is >= '0' and <= '7' => TakeOctal(scanner, letter),
            < 128 when !char.IsAsciiLetterOrDigit((char)letter) => letter,
            _ => throw Invalid(),
        };
    }

    private static AsciiSet TakeUnicode(PatternScanner scanner, bool isNegated, bool ignoresCase)
    {
        if (scanner.IsAtEnd)
        {
            throw new PatternSyntaxException(PatternParser.InvalidRange);
        }

        var name = scanner.TryTake("{") ? scanner.TakeUpTo("}") : char.ConvertFromUtf32(TakeScalar(scanner));
        if (name is not null && name.StartsWith('^'))
        {
            isNegated = !isNegated;
            name = name[1..];
        }

        if (name is null || !NamedSets.TryFindUnicode(name, out var set))
        {
            throw new PatternSyntaxException(PatternParser.InvalidRange);
        }

        set = ignoresCase ? set.InBothCases() : set;
        return isNegated ? ~set : set;
    }

    private static int TakeScalar(PatternScanner scanner)
    {
        var taken = scanner.Take();
        return taken is >= 0xD800 and <= 0xDFFF ? throw new PatternSyntaxException(PatternParser.InvalidRange) : taken;
    }

    private static int TakeHexadecimal(PatternScanner scanner)
    {
        var isInBraces = scanner.TryTake("{");
        var (value, digitsCount) = (0, 0);
        while (scanner.Next is >= 0 and < 128 && char.IsAsciiHexDigit((char)scanner.Next) && (isInBraces || digitsCount < 2))
        {
            value = (value * 16) + HexadecimalDigit(scanner.Take());
            digitsCount++;
            if (value > CodePointMax)
            {
                throw Invalid();
            }
        }

        var isWhole = isInBraces ? digitsCount > 0 && scanner.TryTake("}") : digitsCount == 2;
        return isWhole ? value : throw Invalid();
    }

    private static int HexadecimalDigit(int digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int TakeOctal(PatternScanner scanner, int first)
    {
        var value = first - '0';
        for (var digits = 1; digits < 3 && scanner.Next is >= '0' and <= '7'; digits++)
        {
            value = (value * 8) + scanner.Take() - '0';
        }

        return value;
    }

    private static PatternSyntaxException Invalid() => new("invalid escape sequence");
}
