namespace FastLog.Coordination.Tests.Regexes;

/// <summary>
/// A random pattern together with what it means, taken from the definition: the places a piece can end at when it begins
/// at a place, as bits. Slow and obvious.
/// </summary>
/// <param name="Text">The pattern.</param>
/// <param name="Ends">From a name and a place in it to the places behind what the pattern can match there.</param>
internal sealed record WitnessPattern(string Text, Func<string, int, uint> Ends)
{
    private static readonly (string Text, int Min, int Max)[] Repetitions =
    [
        ("", 1, 1), ("", 1, 1), ("", 1, 1), ("*", 0, 99), ("+", 1, 99), ("?", 0, 1), ("*?", 0, 99), ("{2}", 2, 2), ("{1,}", 1, 99),
        ("{0,2}", 0, 2), ("{1,3}?", 1, 3), ("{0}", 0, 0),
    ];

    private static readonly (string Text, string Of, bool IsNegated)[] Characters =
    [
        ("a", "a", false), ("b", "b", false), ("A", "A", false), ("1", "1", false), ("-", "-", false), (".", "", true),
        ("[ab]", "ab", false), ("[^a]", "a", true), ("[a-z]", "ab", false), ("[0-9-]", "1-", false), (@"\d", "1", false),
        (@"\w", "aAb1", false), (@"\W", "aAb1", true), (@"\D", "1", true), (@"\-", "-", false), (@"\x61", "a", false),
    ];

    private static readonly (string Text, Func<string, int, bool> Holds)[] Conditions =
    [
        ("(?:^)", (_, at) => at == 0),
        (@"(?:\z)", (name, at) => at == name.Length),
        (@"(?:\b)", (name, at) => IsWord(name, at - 1) != IsWord(name, at)),
        (@"(?:\B)", (name, at) => IsWord(name, at - 1) == IsWord(name, at)),
    ];

    public static WitnessPattern Random(Random random, int depth, bool hasCounts = true) =>
        Choice(random, depth, ignoresCase: false, hasCounts);

    public bool Matches(string name) => (Ends(name, 0) & (1u << name.Length)) != 0;

    private static WitnessPattern Choice(Random random, int depth, bool ignoresCase, bool hasCounts)
    {
        var choice = Sequence(random, depth, ignoresCase, hasCounts);
        if (random.Next(2) == 0)
        {
            return choice;
        }

        var other = Sequence(random, depth, ignoresCase, hasCounts);
        return new WitnessPattern($"{choice.Text}|{other.Text}", (name, at) => choice.Ends(name, at) | other.Ends(name, at));
    }

    private static WitnessPattern Sequence(Random random, int depth, bool ignoresCase, bool hasCounts)
    {
        var sequence = new WitnessPattern("", (_, at) => 1u << at);
        for (var count = random.Next(4); count > 0; count--)
        {
            var (before, next) = (sequence, Repeat(random, Atom(random, depth, ignoresCase, hasCounts), hasCounts));
            sequence = new WitnessPattern(before.Text + next.Text, (name, at) => After(before.Ends(name, at), next, name));
        }

        return sequence;
    }

    private static WitnessPattern Repeat(Random random, WitnessPattern part, bool hasCounts)
    {
        var (text, min, max) = Repetitions[random.Next(hasCounts ? Repetitions.Length : 7)];
        return new WitnessPattern(part.Text + text, (name, at) =>
        {
            var (reached, ends) = (1u << at, min == 0 ? 1u << at : 0);

            // More rounds than the name has characters, beyond the minimum, reach nothing new.
            for (var round = 1; round <= Math.Min(max, min + name.Length + 1); round++)
            {
                reached = After(reached, part, name);
                ends |= round >= min ? reached : 0;
            }

            return ends;
        });
    }

    private static WitnessPattern Atom(Random random, int depth, bool ignoresCase, bool hasCounts)
    {
        var kind = depth == 0 ? 9 : random.Next(10);
        if (kind < 4)
        {
            var content = Choice(random, depth - 1, ignoresCase || kind == 0, hasCounts);
            return content with { Text = (kind == 0 ? "(?i:" : kind == 1 ? "(" : "(?:") + content.Text + ")" };
        }

        if (kind == 4)
        {
            var (text, holds) = Conditions[random.Next(Conditions.Length)];
            return new WitnessPattern(text, (name, at) => holds(name, at) ? 1u << at : 0);
        }

        var (written, of, isNegated) = Characters[random.Next(Characters.Length)];
        var comparison = ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return new WitnessPattern(written, (name, at) =>
            at < name.Length && of.Contains(name[at], comparison) != isNegated ? 1u << (at + 1) : 0);
    }

    private static uint After(uint places, WitnessPattern next, string name)
    {
        var ends = 0u;
        for (var at = 0; at <= name.Length; at++)
        {
            ends |= (places & (1u << at)) != 0 ? next.Ends(name, at) : 0;
        }

        return ends;
    }

    private static bool IsWord(string name, int index) =>
        index >= 0 && index < name.Length && (char.IsAsciiLetterOrDigit(name[index]) || name[index] == '_');
}
