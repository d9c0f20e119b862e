namespace FastLog.Cluster.Configs;

/// <summary>One of the places where a value may come from.</summary>
/// <param name="Name">The key there.</param>
/// <param name="Value">The value there as text, or null when it is not set or a secret.</param>
/// <param name="Source">The place.</param>
public readonly record struct ConfigSynonym(string Name, string? Value, ConfigSource Source);
