using System.Text;
using System.Text.RegularExpressions;
using FastLog.Coordination.Regexes;

namespace FastLog.Coordination.Tests.Regexes;

public sealed class TopicPatternFuzzTests
{
    private static readonly string[] Fragments =
    [
        "a", "b", "-", ".", "é", "\ud83d", "\ud83d\ude00", "\n", "(", ")", "(?", "(?i", "(?:", "(?P<n>", "(?<", "[", "[^", "]", "[:", ":]", "alpha",
        "-z", "*", "+", "?", "{", "{2}", "{0,9}", "{1000}", ",", "}", "|", "^", "$", "\\", "\\d", "\\W", "\\p", "\\pN", "{Greek}",
        "\\x", "{41}", "\\12", "\\Q", "\\E", "\\b", "\\B", "\\A", "\\z", "i", "s-m", ":", "0", "7", "\0",
    ];

    [Fact]
    public void Any_text_is_a_pattern_or_has_a_reason()
    {
        var taken = 0;
        for (var seed = 0; seed < 50_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();
            for (var count = random.Next(1, 14); count > 0; count--)
            {
                text.Append(Fragments[random.Next(Fragments.Length)]);
            }

            var pattern = text.ToString();
            var failure = Record.Exception(() =>
            {
                var isTaken = TopicPattern.TryParse(pattern, out var compiled, out var reason);
                Assert.NotEqual(isTaken, reason is { Length: > 0 });
                compiled?.Matches("ab-7\n");
                compiled?.Matches("");
                taken += isTaken ? 1 : 0;
            });
            Assert.True(failure is null, $"seed {seed} pattern {pattern}: {failure}");
        }

        Assert.InRange(taken, 1_000, 49_000);
    }

    [Fact]
    public void Matches_are_those_of_the_plain_definition()
    {
        var matches = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var witness = WitnessPattern.Random(random, depth: 3);
            if (!TopicPattern.TryParse(witness.Text, out var compiled, out var reason))
            {
                Assert.True(reason is "bad repetition operator" or "expression too large", $"seed {seed} {witness.Text}: {reason}");
                continue;
            }

            for (var i = 0; i < 12; i++)
            {
                var name = string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "abA1-"[random.Next(5)]));
                var expected = witness.Matches(name);
                Assert.True(expected == compiled.Matches(name), $"seed {seed}: {witness.Text} on '{name}', expected {expected}");
                matches += expected ? 1 : 0;
            }
        }

        Assert.InRange(matches, 2_500, 50_000);
    }

    /// <summary>
    /// Without counts, in which .NET 10 has mistakes: it does not match "" with (\w\x61|(?:|[^a]{1,3}?){1,3}?(?:\z)), for one.
    /// </summary>
    [Fact]
    public void Plain_patterns_match_as_those_of_dotnet_do()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var pattern = WitnessPattern.Random(random, depth: 2, hasCounts: false).Text;
            Assert.True(TopicPattern.TryParse(pattern, out var compiled, out var reason), $"seed {seed} {pattern}: {reason}");
            var witness = new Regex($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            for (var i = 0; i < 12; i++)
            {
                var name = string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "abA1-"[random.Next(5)]));
                var expected = witness.IsMatch(name);
                Assert.True(expected == compiled.Matches(name), $"seed {seed}: {pattern} on '{name}', expected {expected}");
            }
        }
    }

    /// <summary>Patterns at which a backtracking matcher would take longer than anyone can wait.</summary>
    [Theory]
    [InlineData("(a*)*b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+b")]
    [InlineData("(a?){249}a{249}b")]
    [InlineData("((a*)*)*b")]
    [InlineData("(.*){1,32}b")]
    [InlineData("(x+x+)+y|(.*a){100}b")]
    public void No_pattern_takes_long(string pattern)
    {
        Assert.True(TopicPattern.TryParse(pattern, out var compiled, out _));
        var longest = new string('a', 249);
        for (var i = 0; i < 20; i++)
        {
            Assert.False(compiled.Matches(longest));
        }
    }

    [Fact]
    public void As_many_steps_as_a_match_takes_suffice_and_one_less_does_not()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var text = WitnessPattern.Random(random, depth: 3).Text;
            if (!TopicPattern.TryParse(text, out var pattern, out _))
            {
                continue;
            }

            var name = string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => "abA1-"[random.Next(5)]));
            var left = 1_000_000L;
            Assert.True(pattern.TryMatch(name, ref left, out var isMatch), $"seed {seed}");
            Assert.True(isMatch == pattern.Matches(name), $"seed {seed}: {text} on '{name}'");
            var steps = 1_000_000 - left;
            Assert.True(steps > 0, $"seed {seed}: {text} on '{name}' cost nothing");

            var enough = steps;
            Assert.True(pattern.TryMatch(name, ref enough, out isMatch), $"seed {seed}");
            Assert.Equal(0, enough);
            Assert.Equal(pattern.Matches(name), isMatch);

            var tooFew = steps - 1;
            Assert.False(pattern.TryMatch(name, ref tooFew, out isMatch), $"seed {seed}: {text} on '{name}'");
            Assert.Equal(0, tooFew);
            Assert.False(isMatch);
        }
    }

    [Fact]
    public void A_budget_bounds_a_pattern_over_all_topics()
    {
        Assert.True(TopicPattern.TryParse("(.*){1,300}b", out var costly, out _));
        Assert.True(TopicPattern.TryParse("orders-.*|payments-[0-9]+", out var usual, out _));
        var names = Enumerable.Range(0, 10_000).Select(i => $"orders-{i}" + new string('a', 200)).ToList();
        Assert.InRange(NamesWithin(costly, names), 0, 100);
        Assert.Equal(names.Count, NamesWithin(usual, names));
    }

    private static int NamesWithin(TopicPattern pattern, IReadOnlyList<string> names)
    {
        var left = 20_000_000L;
        return names.TakeWhile(name => pattern.TryMatch(name, ref left, out _)).Count();
    }
}
