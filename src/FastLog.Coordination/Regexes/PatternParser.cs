namespace FastLog.Coordination.Regexes;

/// <summary>
/// RE2's grammar by recursive descent: a choice of sequences of repeated atoms. What RE2 does not know, such as
/// back-references and lookaround, is an error; the reasons are those of RE2/J.
/// </summary>
internal sealed partial class PatternParser(string pattern)
{
    public const string InvalidRange = "invalid character class range";

    private const int RepetitionsMax = 1_000;

    private readonly PatternScanner _scanner = new(pattern);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private PatternFlags _flags;
    private int _nesting;

    public PatternNode Parse()
    {
        if (pattern.Length > TopicPattern.LengthMax)
        {
            throw TooLarge();
        }

        var root = ParseChoice();
        if (!_scanner.IsAtEnd)
        {
            throw new PatternSyntaxException("unexpected )");
        }

        return root.Size < TopicPattern.SizeMax ? root : throw TooLarge();
    }

    private static PatternSyntaxException TooLarge() => new("expression too large");

    private PatternNode ParseChoice()
    {
        var options = new List<PatternNode> { ParseSequence() };
        while (_scanner.TryTake("|"))
        {
            options.Add(ParseSequence());
        }

        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    /// <summary>Atoms up to a bar, a closing parenthesis or the end. Flags set among them hold on behind it, up to the group's end.</summary>
    private PatternNode.Sequence ParseSequence()
    {
        var parts = new List<PatternNode>();
        var isRepeated = false;
        while (!_scanner.IsAtEnd && _scanner.Next is not ('|' or ')'))
        {
            if (TryTakeRepetition(out var min, out var max))
            {
                if (parts.Count == 0)
                {
                    throw new PatternSyntaxException("missing argument to repetition operator");
                }

                parts[^1] = isRepeated
                    ? throw new PatternSyntaxException("invalid nested repetition operator")
                    : Repeat(parts[^1], min, max);
                isRepeated = true;
                continue;
            }

            ParseAtom(parts);
            isRepeated = false;
        }

        return new PatternNode.Sequence([.. parts.Where(part => part.Size > 0)]);
    }

    private static PatternNode.Repeat Repeat(PatternNode part, int min, int? max)
    {
        var repeat = new PatternNode.Repeat(part, min, max);
        return repeat.Repetitions <= RepetitionsMax ? repeat : throw new PatternSyntaxException("bad repetition operator");
    }

    /// <summary>*, +, ? or {n,m}, with the question mark that makes it lazy, which is all the same for whole names.</summary>
    private bool TryTakeRepetition(out int min, out int? max)
    {
        (min, max) = _scanner.Next switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            _ => (0, (int?)0),
        };
        if (_scanner.Next is '*' or '+' or '?')
        {
            _scanner.Take();
        }
        else if (!TryTakeCounts(out min, out max))
        {
            return false;
        }

        _scanner.TryTake("?");
        return true;
    }

    /// <summary>{n}, {n,} or {n,m}; a brace that begins anything else is an ordinary character.</summary>
    private bool TryTakeCounts(out int min, out int? max)
    {
        var start = _scanner.Position;
        max = null;
        min = 0;
        if (!_scanner.TryTake("{") || !TryTakeNumber(out min))
        {
            _scanner.Return(start);
            return false;
        }

        var hasMax = true;
        var bound = min;
        if (_scanner.TryTake(","))
        {
            hasMax = TryTakeNumber(out bound);
        }

        if (!_scanner.TryTake("}"))
        {
            _scanner.Return(start);
            return false;
        }

        max = hasMax ? bound : null;
        return min <= RepetitionsMax && (max ?? min) <= RepetitionsMax && min <= (max ?? min)
            ? true
            : throw new PatternSyntaxException("bad repetition operator");
    }

    /// <summary>Digits without a leading zero. What is too large to be told apart is one more than is allowed.</summary>
    private bool TryTakeNumber(out int number)
    {
        var start = _scanner.Position;
        number = 0;
        while (_scanner.Next is >= '0' and <= '9')
        {
            number = Math.Min((number * 10) + _scanner.Take() - '0', RepetitionsMax + 1);
        }

        var length = _scanner.Position - start;
        return length > 0 && (length == 1 || pattern[start] != '0');
    }

    private void ParseAtom(List<PatternNode> parts)
    {
        switch (_scanner.Next)
        {
            case '(':
                ParseParenthesis(parts);
                break;
            case '[':
                parts.Add(new PatternNode.Characters(ParseClass()));
                break;
            case '\\':
                ParseEscape(parts);
                break;
            case '.':
                _scanner.Take();
                var all = _flags.HasFlag(PatternFlags.DotMatchesLineFeed);
                parts.Add(new PatternNode.Characters(all ? AsciiSet.All : ~AsciiSet.Of("\n")));
                break;
            case '^':
                _scanner.Take();
                parts.Add(Condition(PlaceCondition.BeginOfText, PlaceCondition.BeginOfLine));
                break;
            case '$':
                _scanner.Take();
                parts.Add(Condition(PlaceCondition.EndOfText, PlaceCondition.EndOfLine));
                break;
            default:
                parts.Add(Literal(_scanner.Take()));
                break;
        }
    }

    private PatternNode.Condition Condition(PlaceCondition ofText, PlaceCondition ofLine) =>
        new(_flags.HasFlag(PatternFlags.MultiLine) ? ofLine : ofText);

    private PatternNode.Characters Literal(int codePoint) =>
        new(AsciiSet.Range(codePoint, codePoint, _flags.HasFlag(PatternFlags.IgnoreCase)));

    private void ParseEscape(List<PatternNode> parts)
    {
        if (_scanner.TryTake("\\Q"))
        {
            ParseQuoted(parts);
        }
        else if (TakePlaceCondition() is { } condition)
        {
            parts.Add(new PatternNode.Condition(condition));
        }
        else if (PatternEscapes.TryTakeClass(_scanner, _flags.HasFlag(PatternFlags.IgnoreCase), out var set))
        {
            parts.Add(new PatternNode.Characters(set));
        }
        else
        {
            parts.Add(Literal(PatternEscapes.TakeCodePoint(_scanner)));
        }
    }

    private PlaceCondition? TakePlaceCondition() =>
        _scanner.TryTake("\\A") ? PlaceCondition.BeginOfText
        : _scanner.TryTake("\\z") ? PlaceCondition.EndOfText
        : _scanner.TryTake("\\b") ? PlaceCondition.WordBoundary
        : _scanner.TryTake("\\B") ? PlaceCondition.NoWordBoundary
        : null;

    /// <summary>What lies between \Q and \E, or the pattern's end, stands for itself.</summary>
    private void ParseQuoted(List<PatternNode> parts)
    {
        while (!_scanner.IsAtEnd && !_scanner.TryTake("\\E"))
        {
            parts.Add(Literal(_scanner.Take()));
        }
    }
}
