namespace FastLog.Cluster.Configs;

/// <summary>One line of a DescribeConfigs answer.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The effective value, or null when it is not set or a secret.</param>
/// <param name="IsReadOnly">True when it cannot change at run time.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsSensitive">True for a secret, whose value is not told.</param>
/// <param name="Synonyms">Every place that has a value, the strongest first.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="Documentation">What the key does.</param>
public sealed record ConfigEntry(
    string Name,
    string? Value,
    bool IsReadOnly,
    ConfigSource Source,
    bool IsSensitive,
    IReadOnlyList<ConfigSynonym> Synonyms,
    ConfigType Type,
    string Documentation)
{
    /// <summary>True when nobody set the value (what version 0 of DescribeConfigs tells).</summary>
    public bool IsDefault => Source == ConfigSource.Default;
}
