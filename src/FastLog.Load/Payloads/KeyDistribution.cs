using System.Globalization;

namespace FastLog.Load.Payloads;

/// <summary>How keys are chosen.</summary>
public enum KeyChoice
{
    /// <summary>Records have no key.</summary>
    None,

    /// <summary>Every key is as likely as any other.</summary>
    Uniform,

    /// <summary>The n-th key is chosen in proportion to 1/n: few keys are most of the records, as users and devices
    /// are.</summary>
    Zipf,
}

/// <summary>Which keys records have.</summary>
/// <param name="Choice">How one is chosen.</param>
/// <param name="KeysCount">How many different ones there are; 0 without keys.</param>
public readonly record struct KeyDistribution(KeyChoice Choice, int KeysCount)
{
    /// <summary>The most different keys.</summary>
    public const int KeysCountMax = 100_000_000;

    /// <summary>No keys.</summary>
    public static KeyDistribution None => new(KeyChoice.None, 0);

    /// <summary>Reads <c>none</c>, <c>uniform:1000</c> or <c>zipf:1000</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static KeyDistribution Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return (colon < 0 ? text : text[..colon]) switch
        {
            "none" when colon < 0 => None,
            "uniform" => new KeyDistribution(KeyChoice.Uniform, Count(text, colon)),
            "zipf" => new KeyDistribution(KeyChoice.Zipf, Count(text, colon)),
            _ => throw No(text),
        };
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => Choice switch
    {
        KeyChoice.Uniform => string.Create(CultureInfo.InvariantCulture, $"uniform:{KeysCount}"),
        KeyChoice.Zipf => string.Create(CultureInfo.InvariantCulture, $"zipf:{KeysCount}"),
        _ => "none",
    };

    private static int Count(string text, int colon) =>
        colon > 0
        && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && count is > 0 and <= KeysCountMax
            ? count
            : throw No(text);

    private static FormatException No(string text) =>
        new($"'{text}' are no keys: give none, uniform:N or zipf:N with N from 1 to {KeysCountMax}");
}
