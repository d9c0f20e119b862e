using FastLog.Cluster.Configs.Catalogue;

namespace FastLog.Cluster.Configs;

/// <summary>The configuration of subscriptions to client metrics (KIP-714).</summary>
public static class ClientMetricsConfig
{
    /// <summary>Every key that a subscription can have, with Kafka's names and defaults.</summary>
    public static ConfigCatalog Catalog { get; } = new(ClientMetricsKeys.All);

    /// <summary>Decides whether a subscription may have a set of values.</summary>
    /// <returns>Null when it may, otherwise the reason to send with INVALID_CONFIG.</returns>
    public static string? Validate(IReadOnlyDictionary<string, string> values)
    {
        foreach ((string name, string value) in values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!Catalog.TryGet(name, out ConfigDefinition? definition))
            {
                return $"Unknown client metrics configuration: {Quoted.Plain(name)}";
            }

            if (definition.WhyRefused(value) is { } reason)
            {
                return reason;
            }
        }

        string? badPattern = values.TryGetValue("match", out string? match)
            ? ClientMetricsSubscription.Words(match).FirstOrDefault(pattern => ClientMatch.TryParse(pattern) is null)
            : null;
        return badPattern is null ? null : $"Illegal client matching pattern: {Quoted.Plain(badPattern)}";
    }
}
