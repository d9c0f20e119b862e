using FastLog.Coordination.Regexes;

namespace FastLog.Coordination.Tests.Regexes;

public sealed class TopicPatternTests
{
    [Theory]
    [InlineData("orders", "orders", true)]
    [InlineData("orders", "orders-1", false)]
    [InlineData("orders", "my-orders", false)]
    [InlineData("orders.*", "orders-1", true)]
    [InlineData("a|ab", "ab", true)]
    [InlineData("(a|ab)(c|bcd)", "abcd", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a||b", "", true)]
    [InlineData("()", "", true)]
    [InlineData("(a*)*", "aaa", true)]
    [InlineData("(a*)+b", "aab", true)]
    [InlineData("(|a)*b", "aab", true)]
    [InlineData("a{2}", "aa", true)]
    [InlineData("a{2}", "aaa", false)]
    [InlineData("a{2,}", "aaaaa", true)]
    [InlineData("a{2,}", "a", false)]
    [InlineData("a{1,3}", "aaa", true)]
    [InlineData("a{1,3}", "aaaa", false)]
    [InlineData("a{0}b", "b", true)]
    [InlineData("a{0}b", "ab", false)]
    [InlineData("a{,3}", "a{,3}", true)]
    [InlineData("a{01}", "a{01}", true)]
    [InlineData("a{", "a{", true)]
    [InlineData("a{x}", "a{x}", true)]
    [InlineData("a*?b+?c??", "aabb", true)]
    [InlineData("a(?i)*", "aaa", true)]
    public void Sequences_choices_and_repetitions(string pattern, string name, bool matches) => Check(pattern, name, matches);

    [Theory]
    [InlineData("[a-c]+", "abcabc", true)]
    [InlineData("[^a-c]+", "xyz", true)]
    [InlineData("[^a-c]+", "xbz", false)]
    [InlineData("[]a]+", "]a", true)]
    [InlineData("[^]a]", "]", false)]
    [InlineData("[a-]+", "a-", true)]
    [InlineData("[-a]+", "a-", true)]
    [InlineData("[a-c-e]+", "b-e", true)]
    [InlineData("[a-c-e]+", "d", false)]
    [InlineData("[[a]+", "[a", true)]
    [InlineData("[[:a]+", "[:a", true)]
    [InlineData("[a&&b]", "&", true)]
    [InlineData("[a-z-[aeiou]]", "a]", true)]
    [InlineData(@"[\d\-x]+", "1-x", true)]
    [InlineData(@"[\D]", "1", false)]
    [InlineData(@"[\x41-\x{43}]+", "ABC", true)]
    [InlineData(@"[^\x00-\x{10FFFF}]", "a", false)]
    [InlineData("[[:alpha:]]+", "abZ", true)]
    [InlineData("[[:alpha:]]+", "a1", false)]
    [InlineData("[[:^digit:]x]+", "abx", true)]
    [InlineData("[[:^digit:]x]+", "a1", false)]
    [InlineData("[[:word:]]+", "a_1", true)]
    [InlineData("[[:punct:]]+", "-._", true)]
    [InlineData("[[:xdigit:]]+", "afAF09", true)]
    [InlineData("[é-a]", "a", null)]
    [InlineData("[a-é]+", "xyz", true)]
    [InlineData("[^é]", "a", true)]
    [InlineData("é", "e", false)]
    [InlineData("😀*a", "a", true)]
    [InlineData("a.c", "a\nc", false)]
    public void Classes(string pattern, string name, bool? matches) => Check(pattern, name, matches);

    [Theory]
    [InlineData(@"\d+", "0123", true)]
    [InlineData(@"\d", "\u0663", false)]
    [InlineData(@"\w+\W\w+", "a_1-b", true)]
    [InlineData(@"\s", " ", true)]
    [InlineData(@"\s", "\v", false)]
    [InlineData(@"[[:space:]]", "\v", true)]
    [InlineData(@"a\.b", "a.b", true)]
    [InlineData(@"a\.b", "axb", false)]
    [InlineData(@"a\_\-b", "a_-b", true)]
    [InlineData(@"\x41\x{42}\103", "ABC", true)]
    [InlineData(@"\012", "\n", true)]
    [InlineData(@"\18", null, null)]
    [InlineData(@"\Qa.b*\E+", "a.b**", true)]
    [InlineData(@"\Qa.b", "a.b", true)]
    [InlineData(@"\Qa\b", @"a\b", true)]
    [InlineData(@"\Q\E", "", true)]
    [InlineData(@"\pL+", "abZ", true)]
    [InlineData(@"\pN", "7", true)]
    [InlineData(@"\PN+", "ab", true)]
    [InlineData(@"\p{Lu}", "a", false)]
    [InlineData(@"\p{^Lu}", "a", true)]
    [InlineData(@"\P{^Lu}", "A", true)]
    [InlineData(@"\p{Greek}", "a", false)]
    [InlineData(@"\P{Greek}+", "abc", true)]
    [InlineData(@"\p{Latin}+\p{Common}", "abc-", true)]
    [InlineData(@"[\p{Pd}\pN]+", "1-2", true)]
    [InlineData(@"\p{Any}*", "a-1", true)]
    public void Escapes(string pattern, string? name, bool? matches) => Check(pattern, name, matches);

    [Theory]
    [InlineData("(?i)Orders", "oRDERS", true)]
    [InlineData("(?i)[a-c]+", "aBC", true)]
    [InlineData("(?i)[^a-c]", "B", false)]
    [InlineData("(?i)\\p{Lu}", "a", true)]
    [InlineData("(?i)[[:upper:]]", "a", true)]
    [InlineData("(?i)\\x{212A}\u017f", "kS", true)]
    [InlineData("(?i)a(?-i)b", "Ab", true)]
    [InlineData("(?i)a(?-i)b", "AB", false)]
    [InlineData("((?i)a)b", "AB", false)]
    [InlineData("(?i:a)b", "Ab", true)]
    [InlineData("(?i:a)b", "AB", false)]
    [InlineData("x|(?i)a|b", "B", true)]
    [InlineData("(?s).", "\n", true)]
    [InlineData("(?s-s:.)", "\n", false)]
    [InlineData("(?m)a$\\n^b", "a\nb", true)]
    [InlineData("a$\\n^b", "a\nb", false)]
    [InlineData("(?U)a+", "aaa", true)]
    [InlineData("(?imsU-imsU)a", "A", false)]
    [InlineData("(?)a", "a", true)]
    [InlineData("(?:a|b)c", "bc", true)]
    [InlineData("(?P<x>a)(?<y>b)", "ab", true)]
    [InlineData("^orders$", "orders", true)]
    [InlineData("\\Aorders\\z", "orders", true)]
    [InlineData("a^b", "ab", false)]
    [InlineData("a$", "a\n", false)]
    [InlineData("^*a$+", "a", true)]
    [InlineData("a\\b-\\bb", "a-b", true)]
    [InlineData("a\\bb", "ab", false)]
    [InlineData("a\\Bb", "ab", true)]
    [InlineData("\\b", "", false)]
    [InlineData("\\B", "", true)]
    public void Flags_groups_and_places(string pattern, string name, bool matches) => Check(pattern, name, matches);

    [Theory]
    [InlineData("(", "missing closing )")]
    [InlineData("(a|(b)", "missing closing )")]
    [InlineData(")", "unexpected )")]
    [InlineData("a)b", "unexpected )")]
    [InlineData("[a", "missing closing ]")]
    [InlineData("[]", "missing closing ]")]
    [InlineData("[a-", "missing closing ]")]
    [InlineData("[z-a]", "invalid character class range")]
    [InlineData("[[:nope:]]", "invalid character class range")]
    [InlineData("[a-\\d]", "invalid escape sequence")]
    [InlineData("\\p{Klingon}", "invalid character class range")]
    [InlineData("\\p{IsGreek}", "invalid character class range")]
    [InlineData("\\p{Lu", "invalid character class range")]
    [InlineData("\\p", "invalid character class range")]
    [InlineData("\\pX", "invalid character class range")]
    [InlineData("*a", "missing argument to repetition operator")]
    [InlineData("a|+", "missing argument to repetition operator")]
    [InlineData("(?i)*", "missing argument to repetition operator")]
    [InlineData("(?:{2})", "missing argument to repetition operator")]
    [InlineData("a**", "invalid nested repetition operator")]
    [InlineData("a*+", "invalid nested repetition operator")]
    [InlineData("a++", "invalid nested repetition operator")]
    [InlineData("a???", "invalid nested repetition operator")]
    [InlineData("a{2}{3}", "invalid nested repetition operator")]
    [InlineData("a{2}+", "invalid nested repetition operator")]
    [InlineData("a{1001}", "bad repetition operator")]
    [InlineData("a{2,1}", "bad repetition operator")]
    [InlineData("a{99999999999999999999}", "bad repetition operator")]
    [InlineData("(a{100}){11}", "bad repetition operator")]
    [InlineData("((a{100}){100}){100}", "bad repetition operator")]
    [InlineData("(((a*){1000,})*){2}", "bad repetition operator")]
    [InlineData("[a-z]{1000}[a-z]{1000}[a-z]{1000}", "expression too large")]
    [InlineData("(.{0,100}.{0,100}.{0,100}.{0,100}){10}", "expression too large")]
    [InlineData("(?=a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?!a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?<=a)", "invalid named capture")]
    [InlineData("(?<!a)", "invalid named capture")]
    [InlineData("(?>a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?#a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?(a)b|c)", "invalid or unsupported Perl syntax")]
    [InlineData("(?x)a", "invalid or unsupported Perl syntax")]
    [InlineData("(?n:a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?i-)", "invalid or unsupported Perl syntax")]
    [InlineData("(?--i)", "invalid or unsupported Perl syntax")]
    [InlineData("(?i", "invalid or unsupported Perl syntax")]
    [InlineData("(?P=x)", "invalid or unsupported Perl syntax")]
    [InlineData("(?'x'a)", "invalid or unsupported Perl syntax")]
    [InlineData("(?P<x>a)(?<x>b)", "duplicate capture group name")]
    [InlineData("(?P<x-y>a)", "invalid named capture")]
    [InlineData("(?<x", "invalid named capture")]
    [InlineData("(?P<>a)", "invalid named capture")]
    [InlineData("(a)\\1", "invalid escape sequence")]
    [InlineData("\\8", "invalid escape sequence")]
    [InlineData("\\k<x>", "invalid escape sequence")]
    [InlineData("\\G", "invalid escape sequence")]
    [InlineData("\\Z", "invalid escape sequence")]
    [InlineData("\\u0041", "invalid escape sequence")]
    [InlineData("\\cA", "invalid escape sequence")]
    [InlineData("\\e", "invalid escape sequence")]
    [InlineData("\\E", "invalid escape sequence")]
    [InlineData("\\C", "invalid escape sequence")]
    [InlineData("\\é", "invalid escape sequence")]
    [InlineData("\\x4", "invalid escape sequence")]
    [InlineData("\\x{}", "invalid escape sequence")]
    [InlineData("\\x{110000}", "invalid escape sequence")]
    [InlineData("\\x{41", "invalid escape sequence")]
    [InlineData("a\\", "trailing backslash at end of expression")]
    public void What_RE2_does_not_take_is_refused_with_its_reason(string pattern, string reason)
    {
        Assert.False(TopicPattern.TryParse(pattern, out var compiled, out var given));
        Assert.Null(compiled);
        Assert.Equal(reason, given);
    }

    [Fact]
    public void The_largest_patterns_are_taken_and_larger_ones_refused()
    {
        Check("x{0,1000}", new string('x', 1_000), true);
        Check("x{0,1000}", new string('x', 1_001), false);
        Check(new string('a', TopicPattern.SizeMax - 1), new string('a', TopicPattern.SizeMax - 1), true);
        Check(new string('(', TopicPattern.NestingMax) + "a" + new string(')', TopicPattern.NestingMax), "a", true);
        Refused(new string('a', TopicPattern.SizeMax), "expression too large");
        Refused("[" + new string('a', TopicPattern.LengthMax) + "]", "expression too large");
        Refused(new string('(', TopicPattern.NestingMax + 1), "expression nests too deeply");
    }

    [Fact]
    public void The_pattern_is_kept_as_it_was_given()
    {
        Assert.True(TopicPattern.TryParse("(?i)a", out var pattern, out _));
        Assert.Equal("(?i)a", pattern.Pattern);
    }

    private static void Refused(string pattern, string reason)
    {
        Assert.False(TopicPattern.TryParse(pattern, out _, out var given));
        Assert.Equal(reason, given);
    }

    /// <summary>matches: null for a pattern that is refused.</summary>
    private static void Check(string pattern, string? name, bool? matches)
    {
        Assert.True(TopicPattern.TryParse(pattern, out var compiled, out var reason) == matches.HasValue, reason);
        Assert.Equal(matches, compiled?.Matches(name!));
    }
}
