using System.Diagnostics.CodeAnalysis;

namespace FastLog.Coordination.Regexes;

/// <summary>
/// A regular expression over topic names, as SubscribedTopicRegex carries it (KIP-848): RE2's syntax in the flavour of
/// RE2/J. Parsing and matching take time and memory bounded by <see cref="LengthMax"/>, <see cref="NestingMax"/>,
/// <see cref="SizeMax"/> and the length of the name, whatever the pattern. Immutable; safe for any number of threads.
/// </summary>
public sealed class TopicPattern
{
    /// <summary>UTF-16 units that a pattern may have.</summary>
    public const int LengthMax = 4_096;

    /// <summary>How deep its parentheses may nest.</summary>
    public const int NestingMax = 200;

    /// <summary>
    /// Instructions that a pattern may compile to, about one per character and counted repetition of it. To match a name
    /// takes at most that many steps per character of the name.
    /// </summary>
    public const int SizeMax = 2_048;

    private readonly PatternProgram _program;

    private TopicPattern(string pattern, PatternProgram program)
    {
        Pattern = pattern;
        _program = program;
    }

    /// <summary>The pattern as it was given.</summary>
    public string Pattern { get; }

    /// <summary>Parses a pattern. Never throws for one that is no good.</summary>
    /// <param name="pattern">What a client sent.</param>
    /// <param name="compiled">The pattern, ready to match, when the result is true.</param>
    /// <param name="reason">Why it is refused, without the pattern itself, when the result is false.</param>
    public static bool TryParse(
        string pattern, [NotNullWhen(true)] out TopicPattern? compiled, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        compiled = null;
        reason = null;
        try
        {
            var root = new PatternParser(pattern).Parse();
            compiled = new TopicPattern(pattern, PatternProgram.Compile(root));
            return true;
        }
        catch (PatternSyntaxException refused)
        {
            reason = refused.Message;
            return false;
        }
    }

    /// <summary>
    /// Whether the pattern matches a whole name. A name with a character beyond ASCII is no topic's name and never matches.
    /// </summary>
    public bool Matches(string topicName)
    {
        ArgumentNullException.ThrowIfNull(topicName);
        var unbounded = long.MaxValue;
        return _program.Matches(topicName, ref unbounded)!.Value;
    }

    /// <summary>
    /// Whether the pattern matches a whole name, as <see cref="Matches"/>, if a number of steps suffices to tell. Handed
    /// from name to name, that number bounds what a pattern costs over all topics of a cluster.
    /// </summary>
    /// <param name="topicName">Name of a topic.</param>
    /// <param name="stepsLeft">How many steps may be taken; what was taken is subtracted, and 0 is left when that was too few.</param>
    /// <param name="isMatch">Whether it matches, when the result is true.</param>
    /// <returns>Whether the steps sufficed.</returns>
    public bool TryMatch(string topicName, ref long stepsLeft, out bool isMatch)
    {
        ArgumentNullException.ThrowIfNull(topicName);
        var matches = _program.Matches(topicName, ref stepsLeft);
        isMatch = matches ?? false;
        return matches is not null;
    }

    /// <summary>The pattern as it was given.</summary>
    public override string ToString() => Pattern;
}
