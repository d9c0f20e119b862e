using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>One configuration key: its name and rules are Kafka's, its documentation is in our own words.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="Default">The default as text, or null where Kafka's default is null (not set).</param>
/// <param name="Validator">What the type does not say about allowed values.</param>
/// <param name="Importance">Kafka's ranking.</param>
/// <param name="UpdateMode">Whether it can change at run time.</param>
/// <param name="Documentation">What it does, in a sentence or two.</param>
public sealed record ConfigDefinition(
    string Name,
    ConfigType Type,
    string? Default,
    ConfigValidator Validator,
    ConfigImportance Importance,
    ConfigUpdateMode UpdateMode,
    string Documentation)
{
    /// <summary>True when FastLog acts on the value; a key that is only known is accepted with a warning.</summary>
    public bool InUse { get; init; }

    /// <summary>For a topic's key: the broker's key that gives its default, or null when there is none.</summary>
    public string? BrokerKey { get; init; }

    /// <summary>True when the value is a secret and must never be shown.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>The same definition, marked as one that FastLog acts on.</summary>
    public ConfigDefinition Used() => this with { InUse = true };

    /// <summary>The same definition of a topic's key, with the broker's key that gives its default.</summary>
    public ConfigDefinition DefaultsTo(string brokerKey) => this with { BrokerKey = brokerKey };

    /// <summary>
    /// Parses and validates a value; surrounding white space does not count.
    /// </summary>
    /// <param name="text">The value as given.</param>
    /// <param name="value">
    /// <see cref="long"/> (Int, Short, Long), <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>
    /// (String, Class, Password) or <see cref="IReadOnlyList{T}"/> of strings.
    /// </param>
    /// <param name="fault">Why it was refused, or null.</param>
    /// <returns>True when the value can be used.</returns>
    public bool TryParse(string text, out object value, out ConfigFault? fault)
    {
        string trimmed = text.Trim();
        object? parsed = ParseType(trimmed);
        if (parsed is null)
        {
            value = trimmed;
            fault = new ConfigFault(TypeReason(), $"{Quoted.Value(trimmed)} is not {TypeName()}{ExpectedText()}");
            return false;
        }

        value = parsed;
        fault = Validator.Check(parsed) is { } reason
            ? new ConfigFault(reason, $"{Quoted.Value(trimmed)} is not allowed{ExpectedText()}")
            : null;
        return fault is null;
    }

    /// <summary>Parses a value that has to be good.</summary>
    /// <exception cref="ConfigException">The value is of another type, or not allowed.</exception>
    public object Parse(string text) =>
        TryParse(text, out object value, out ConfigFault? fault)
            ? value
            : throw ConfigException.About(Name, fault!.Reason);

    /// <summary>Null when the value can be used, otherwise the reason to send with INVALID_CONFIG.</summary>
    public string? WhyRefused(string text) =>
        TryParse(text, out _, out ConfigFault? fault)
            ? null
            : $"Invalid value {(IsSensitive ? "[hidden]" : Quoted.Plain(text.Trim()))} for configuration {Name}: {fault!.KafkaReason}";

    /// <summary>
    /// The value as Kafka shows it: numbers without plus sign or leading zeros, booleans in small letters, lists
    /// without spaces. A value that does not parse comes back trimmed.
    /// </summary>
    public string Normalize(string text) =>
        ParseType(text.Trim()) switch
        {
            long number => number.ToString(CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            IReadOnlyList<string> words => string.Join(',', words),
            _ => text.Trim(),
        };

    private object? ParseType(string text) => Type switch
    {
        ConfigType.Boolean => bool.TryParse(text, out bool flag) ? flag : null,
        ConfigType.Short => ParseWhole(text, short.MinValue, short.MaxValue),
        ConfigType.Int => ParseWhole(text, int.MinValue, int.MaxValue),
        ConfigType.Long => ParseWhole(text, long.MinValue, long.MaxValue),
        ConfigType.Double =>
            // No bound and no share can be kept that is not a number, so it is none.
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) && !double.IsNaN(real)
                ? real
                : null,
        ConfigType.List => ParseList(text),
        _ => text,
    };

    private static long? ParseWhole(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
        && number >= min && number <= max
            ? number
            : null;

    private static string[] ParseList(string text) =>
        text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    private string ExpectedText() => Validator.Expected is { } expected ? $" (expected {expected})" : "";

    private string TypeName() => Type switch
    {
        ConfigType.Boolean => "a boolean (true or false)",
        ConfigType.Short => "a short",
        ConfigType.Int => "an int",
        ConfigType.Long => "a long",
        _ => "a number",
    };

    private string TypeReason() => Type switch
    {
        ConfigType.Boolean => "Expected value to be either true or false",
        ConfigType.Short => "Not a number of type SHORT",
        ConfigType.Int => "Not a number of type INT",
        ConfigType.Long => "Not a number of type LONG",
        _ => "Not a number of type DOUBLE",
    };
}
