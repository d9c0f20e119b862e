using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>
/// What values a configuration allows beyond its type. Values arrive parsed: <see cref="long"/> for the whole
/// numbers, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, or a list of strings.
/// </summary>
public abstract record ConfigValidator
{
    /// <summary>Allows everything that the type allows.</summary>
    public static ConfigValidator Any { get; } = new Anything();

    /// <summary>What is expected, to be read after the word "expected"; null when everything is allowed.</summary>
    public abstract string? Expected { get; }

    /// <summary>Null when the value is allowed, otherwise the reason as Kafka words it.</summary>
    public abstract string? Check(object value);

    /// <summary>Whole numbers from <paramref name="min"/> up.</summary>
    public static ConfigValidator AtLeast(long min) => new WholeRange(min, null, null);

    /// <summary>Whole numbers from <paramref name="min"/> up, and one more value.</summary>
    public static ConfigValidator AtLeastOr(long min, long also) => new WholeRange(min, null, also);

    /// <summary>Whole numbers from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static ConfigValidator Between(long min, long max) => new WholeRange(min, max, null);

    /// <summary>Whole numbers from <paramref name="min"/> to <paramref name="max"/>, and one more value.</summary>
    public static ConfigValidator BetweenOr(long min, long max, long also) => new WholeRange(min, max, also);

    /// <summary>Fractions from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static ConfigValidator Fraction(double min, double max) => new FractionRange(min, max);

    /// <summary>One of the given words, or a list of nothing else (an empty list is allowed, as in Kafka).</summary>
    public static ConfigValidator OneOf(params string[] allowed) => new Words(allowed, StringComparison.Ordinal);

    /// <summary>One of the given words in any case.</summary>
    public static ConfigValidator OneOfAnyCase(params string[] allowed) =>
        new Words(allowed, StringComparison.OrdinalIgnoreCase);

    /// <summary>A text with at least one character.</summary>
    public static ConfigValidator NonEmpty { get; } = new NotEmpty();

    /// <summary>Replicas as <c>partition:broker</c> pairs, or a lone <c>*</c> for all (KIP-73).</summary>
    public static ConfigValidator ThrottledReplicas { get; } = new ReplicaPairs();

    /// <summary>Where a share group starts: earliest, latest, or by_duration: with an ISO 8601 duration.</summary>
    public static ConfigValidator OffsetReset { get; } = new OffsetResetRule();

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Anything : ConfigValidator
    {
        public override string? Expected => null;

        public override string? Check(object value) => null;
    }

    private sealed record WholeRange(long Min, long? Max, long? Also) : ConfigValidator
    {
        public override string Expected =>
            (Max is { } max ? $"{Text(Min)} to {Text(max)}" : $"{Text(Min)} or more")
            + (Also is { } also ? $", or {Text(also)}" : "");

        public override string? Check(object value)
        {
            long number = (long)value;
            if (number == Also)
            {
                return null;
            }

            if (number < Min)
            {
                return $"Value must be at least {Text(Min)}";
            }

            return Max is { } max && number > max ? $"Value must be no more than {Text(max)}" : null;
        }
    }

    private sealed record FractionRange(double Min, double Max) : ConfigValidator
    {
        public override string Expected => string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}");

        public override string? Check(object value) => (double)value switch
        {
            // The comparison is this way round so that NaN is refused.
            double number when number >= Min && number <= Max => null,
            double number when number > Max =>
                string.Create(CultureInfo.InvariantCulture, $"Value must be no more than {Max}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"Value must be at least {Min}"),
        };
    }

    private sealed record Words(string[] Allowed, StringComparison Comparison) : ConfigValidator
    {
        public override string Expected => "one of " + string.Join(", ", Allowed);

        public override string? Check(object value)
        {
            bool allAllowed = value is IReadOnlyList<string> words ? words.All(IsAllowed) : IsAllowed((string)value);
            return allAllowed ? null : "String must be one of: " + string.Join(", ", Allowed);
        }

        private bool IsAllowed(string word) => Allowed.Any(allowed => string.Equals(allowed, word, Comparison));
    }

    private sealed record NotEmpty : ConfigValidator
    {
        public override string Expected => "a text that is not empty";

        public override string? Check(object value) => ((string)value).Length > 0 ? null : "String must be non-empty";
    }

    private sealed record ReplicaPairs : ConfigValidator
    {
        public override string Expected => "'*' or pairs like 0:1,1:2 (partition:broker)";

        public override string? Check(object value)
        {
            var pairs = (IReadOnlyList<string>)value;
            bool isGood = pairs is ["*"] || pairs.All(IsPair);
            return isGood ? null : $"Must be {Expected}";
        }

        private static bool IsPair(string pair)
        {
            int colon = pair.IndexOf(':', StringComparison.Ordinal);
            return colon > 0 && colon < pair.Length - 1
                && !pair.AsSpan(0, colon).ContainsAnyExceptInRange('0', '9')
                && !pair.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9');
        }
    }

    private sealed record OffsetResetRule : ConfigValidator
    {
        private const string ByDuration = "by_duration:";

        public override string Expected => "earliest, latest or by_duration:PnDTnHnMn.nS";

        public override string? Check(object value) =>
            (string)value is "earliest" or "latest" || IsDuration((string)value)
                ? null
                : $"Invalid value, must be {Expected}";

        private static bool IsDuration(string text)
        {
            if (!text.StartsWith(ByDuration, StringComparison.Ordinal))
            {
                return false;
            }

            try
            {
                return System.Xml.XmlConvert.ToTimeSpan(text[ByDuration.Length..]) >= TimeSpan.Zero;
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                return false;
            }
        }
    }
}
