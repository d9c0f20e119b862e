namespace FastLog.Coordination.Regexes;

/// <summary>
/// The characters that one place of a pattern accepts, as far as they can occur in a topic's name. Those are ASCII, so a
/// character beyond it in a pattern is one that never matches, and a set is 128 bits.
/// </summary>
internal readonly record struct AsciiSet(UInt128 Bits)
{
    public static readonly AsciiSet None;
    public static readonly AsciiSet All = new(UInt128.MaxValue);
    public static readonly AsciiSet Digits = Range('0', '9');
    public static readonly AsciiSet Upper = Range('A', 'Z');
    public static readonly AsciiSet Lower = Range('a', 'z');
    public static readonly AsciiSet Letters = Upper | Lower;
    public static readonly AsciiSet WordCharacters = Letters | Digits | Of("_");

    // These two letters are the only ones beyond ASCII that have a letter of ASCII as another case.
    private const int LongS = 0x17F;
    private const int KelvinSign = 0x212A;

    public bool IsEmpty => Bits == UInt128.Zero;

    public static AsciiSet operator |(AsciiSet left, AsciiSet right) => new(left.Bits | right.Bits);

    /// <summary>All others.</summary>
    public static AsciiSet operator ~(AsciiSet set) => new(~set.Bits);

    public static AsciiSet Of(ReadOnlySpan<char> characters)
    {
        var bits = UInt128.Zero;
        foreach (var character in characters)
        {
            bits |= UInt128.One << character;
        }

        return new AsciiSet(bits);
    }

    /// <summary>What of a range of code points is ASCII.</summary>
    /// <param name="first">The first code point.</param>
    /// <param name="last">The last code point, itself included.</param>
    public static AsciiSet Range(int first, int last)
    {
        last = Math.Min(last, 127);
        return first > last ? None : new((UInt128.MaxValue >> (127 - (last - first))) << first);
    }

    /// <summary>A range of code points, in both cases if that is asked for.</summary>
    public static AsciiSet Range(int first, int last, bool ignoresCase)
    {
        var set = Range(first, last);
        if (!ignoresCase)
        {
            return set;
        }

        set |= first <= LongS && LongS <= last ? Of("s") : None;
        set |= first <= KelvinSign && KelvinSign <= last ? Of("k") : None;
        return set.InBothCases();
    }

    /// <summary>With every letter its other case.</summary>
    public AsciiSet InBothCases() =>
        this | new AsciiSet(((Bits & Upper.Bits) << ('a' - 'A')) | ((Bits & Lower.Bits) >> ('a' - 'A')));

    public bool Contains(char character) => character < 128 && ((Bits >> character) & UInt128.One) != UInt128.Zero;

    public override string ToString() => $"{UInt128.PopCount(Bits)} characters";
}
