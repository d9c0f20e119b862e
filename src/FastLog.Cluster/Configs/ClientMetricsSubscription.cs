namespace FastLog.Cluster.Configs;

/// <summary>What somebody wants to know of clients (KIP-714). Immutable.</summary>
/// <param name="Name">The subscription's name.</param>
/// <param name="Metrics">Beginnings of metric names; <c>*</c> for all of them; empty for none.</param>
/// <param name="IntervalMs"><c>interval.ms</c>: how often clients push.</param>
/// <param name="Matches">What a client has to match, all of it.</param>
public sealed record ClientMetricsSubscription(
    string Name, IReadOnlyList<string> Metrics, int IntervalMs, IReadOnlyList<ClientMatch> Matches)
{
    /// <summary>How often clients ask again that nobody wants to know anything of.</summary>
    public const int IntervalMsDefault = 300_000;

    /// <summary>The subscriptions of a cluster, by name. Values that cannot be used, which this broker would not have
    /// stored, make a subscription that no client matches.</summary>
    public static IReadOnlyList<ClientMetricsSubscription> All(MetadataImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return
        [
            .. image.Configs
                .Where(pair => pair.Key.Type == ConfigResourceType.ClientMetrics && ClientMetricsConfig.Validate(pair.Value) is null)
                .OrderBy(pair => pair.Key.Name, StringComparer.Ordinal)
                .Select(pair => From(pair.Key.Name, pair.Value)),
        ];
    }

    /// <summary>Whether a client is meant.</summary>
    public bool Includes(in ClientTraits client)
    {
        foreach (ClientMatch match in Matches)
        {
            if (!match.Includes(client))
            {
                return false;
            }
        }

        return true;
    }

    internal static string[] Words(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static ClientMetricsSubscription From(string name, IReadOnlyDictionary<string, string> values) => new(
        name,
        Words(values.GetValueOrDefault("metrics", "")),
        values.TryGetValue("interval.ms", out string? interval)
            ? (int)(long)ClientMetricsConfig.Catalog["interval.ms"].Parse(interval)
            : IntervalMsDefault,
        [.. Words(values.GetValueOrDefault("match", "")).Select(ClientMatch.TryParse).OfType<ClientMatch>()]);
}
