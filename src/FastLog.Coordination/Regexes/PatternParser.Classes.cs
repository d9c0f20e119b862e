namespace FastLog.Coordination.Regexes;

/// <summary>Classes in brackets.</summary>
internal sealed partial class PatternParser
{
    private AsciiSet ParseClass()
    {
        _scanner.Take();
        var isNegated = _scanner.TryTake("^");
        var set = AsciiSet.None;
        for (var isFirst = true; isFirst || _scanner.Next != ']'; isFirst = false)
        {
            set |= ParseClassPart();
        }

        _scanner.Take();
        return isNegated ? ~set : set;
    }

    private AsciiSet ParseClassPart()
    {
        var ignoresCase = _flags.HasFlag(PatternFlags.IgnoreCase);
        if (TryTakePosix(out var set))
        {
            return set;
        }

        return PatternEscapes.TryTakeClass(_scanner, ignoresCase, out set) ? set : ParseRange(ignoresCase);
    }

    /// <summary>[:name:] or [:^name:]; a bracket that begins anything else is an ordinary character.</summary>
    private bool TryTakePosix(out AsciiSet set)
    {
        set = AsciiSet.None;
        var start = _scanner.Position;
        if (!_scanner.TryTake("[:"))
        {
            return false;
        }

        var name = _scanner.TakeUpTo(":]");
        if (name is null)
        {
            _scanner.Return(start);
            return false;
        }

        var isNegated = name.StartsWith('^');
        if (!NamedSets.TryFindPosix(isNegated ? name[1..] : name, out set))
        {
            throw new PatternSyntaxException(InvalidRange);
        }

        set = _flags.HasFlag(PatternFlags.IgnoreCase) ? set.InBothCases() : set;
        set = isNegated ? ~set : set;
        return true;
    }

    /// <summary>One character, or two with a hyphen between them. At the end of a class the hyphen stands for itself.</summary>
    private AsciiSet ParseRange(bool ignoresCase)
    {
        var first = TakeClassCharacter();
        var last = first;
        if (_scanner.Next == '-' && !_scanner.LooksAt("-]"))
        {
            _scanner.Take();
            last = TakeClassCharacter();
        }

        return first <= last ? AsciiSet.Range(first, last, ignoresCase) : throw new PatternSyntaxException(InvalidRange);
    }

    private int TakeClassCharacter() => _scanner.Next switch
    {
        PatternScanner.End => throw new PatternSyntaxException("missing closing ]"),
        '\\' => PatternEscapes.TakeCodePoint(_scanner),
        _ => _scanner.Take(),
    };
}
