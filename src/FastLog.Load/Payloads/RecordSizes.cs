using System.Globalization;

namespace FastLog.Load.Payloads;

/// <summary>The sizes of values: all the same, or evenly spread between two bounds.</summary>
/// <param name="MinBytes">The smallest, 0 or more.</param>
/// <param name="MaxBytes">The largest.</param>
public readonly record struct RecordSizes(int MinBytes, int MaxBytes)
{
    private const string UniformPrefix = "uniform:";

    /// <summary>The largest value that is made.</summary>
    public const int BytesMax = 16 * 1024 * 1024;

    /// <summary>Whether all are of one size.</summary>
    public bool IsFixed => MinBytes == MaxBytes;

    /// <summary>All of one size.</summary>
    public static RecordSizes Fixed(int bytes) => new(bytes, bytes);

    /// <summary>Reads <c>100</c> or <c>uniform:50-1500</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static RecordSizes Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith(UniformPrefix, StringComparison.Ordinal))
        {
            return Fixed(Bytes(text, text));
        }

        string[] bounds = text[UniformPrefix.Length..].Split('-');
        RecordSizes sizes = bounds.Length == 2 ? new RecordSizes(Bytes(bounds[0], text), Bytes(bounds[1], text)) : throw No(text);
        return sizes.MinBytes <= sizes.MaxBytes ? sizes : throw No(text);
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => IsFixed
        ? MinBytes.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{UniformPrefix}{MinBytes}-{MaxBytes}");

    private static int Bytes(string number, string text) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes <= BytesMax
            ? bytes
            : throw No(text);

    private static FormatException No(string text) =>
        new($"'{text}' is no record size: give bytes like 100, or a range like uniform:50-1500, up to {BytesMax}");
}
