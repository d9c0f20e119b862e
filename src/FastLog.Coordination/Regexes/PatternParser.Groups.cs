namespace FastLog.Coordination.Regexes;

/// <summary>Parentheses: groups with and without names, and flags.</summary>
internal sealed partial class PatternParser
{
    private void ParseParenthesis(List<PatternNode> parts)
    {
        _scanner.Take();
        if (++_nesting > TopicPattern.NestingMax)
        {
            throw new PatternSyntaxException("expression nests too deeply");
        }

        var outerFlags = _flags;
        if (_scanner.TryTake("?P<") || _scanner.TryTake("?<"))
        {
            TakeName();
        }
        else if (_scanner.TryTake("?") && !TakeFlags())
        {
            // Flags without a group of their own hold for the rest of the group they are in.
            _nesting--;
            return;
        }

        var content = ParseChoice();
        if (!_scanner.TryTake(")"))
        {
            throw new PatternSyntaxException("missing closing )");
        }

        _flags = outerFlags;
        _nesting--;
        parts.Add(content);
    }

    /// <summary>A group's name. Nobody asks for what a group matched, so that it is good and new is all that matters.</summary>
    private void TakeName()
    {
        var name = _scanner.TakeUpTo(">");
        if (string.IsNullOrEmpty(name) || !name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_'))
        {
            throw new PatternSyntaxException("invalid named capture");
        }

        if (!_names.Add(name))
        {
            throw new PatternSyntaxException("duplicate capture group name");
        }
    }

    /// <summary>Flags up to the colon that begins a group, then true, or up to the closing parenthesis, then false.</summary>
    private bool TakeFlags()
    {
        var flags = _flags;
        var isNegated = false;
        var isFlagDue = false;
        while (!_scanner.IsAtEnd)
        {
            var letter = _scanner.Take();
            switch (letter)
            {
                case 'i' or 'm' or 's' or 'U':
                    var flag = FlagOf(letter);
                    flags = isNegated ? flags & ~flag : flags | flag;
                    isFlagDue = false;
                    break;
                case '-' when !isNegated:
                    isNegated = true;
                    isFlagDue = true;
                    break;
                case ':' or ')' when !isFlagDue:
                    _flags = flags;
                    return letter == ':';
                default:
                    throw InvalidPerl();
            }
        }

        throw InvalidPerl();
    }

    private static PatternFlags FlagOf(int letter) => letter switch
    {
        'i' => PatternFlags.IgnoreCase,
        'm' => PatternFlags.MultiLine,
        's' => PatternFlags.DotMatchesLineFeed,
        _ => PatternFlags.None,
    };

    private static PatternSyntaxException InvalidPerl() => new("invalid or unsupported Perl syntax");
}
