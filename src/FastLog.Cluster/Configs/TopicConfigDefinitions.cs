using System.Diagnostics.CodeAnalysis;
using FastLog.Cluster.Configs.Catalogue;

namespace FastLog.Cluster.Configs;

/// <summary>
/// Every topic configuration of Kafka 4.0, with Kafka's names and defaults but for <c>flush.messages</c>, which
/// is 1: an acknowledged write is on disk (group commit).
/// </summary>
public static class TopicConfigDefinitions
{
    /// <summary>All of them.</summary>
    public static ConfigCatalog Catalog { get; } = new(TopicLevelKeys.All);

    /// <summary>Every definition, in the order of the names.</summary>
    public static IReadOnlyList<ConfigDefinition> All => Catalog.All;

    /// <summary>The definition of a name, when there is one.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ConfigDefinition? definition) =>
        Catalog.TryGet(name, out definition);
}
