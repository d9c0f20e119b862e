using System.Diagnostics.CodeAnalysis;
using FastLog.Cluster.Configs.Catalogue;

namespace FastLog.Cluster.Configs;

/// <summary>
/// Every broker configuration of Kafka 4.0. Names and defaults are Kafka's, but for these:
/// <list type="bullet">
/// <item><c>log.flush.interval.messages</c> is 1: an acknowledged write is on disk (group commit).</item>
/// <item><c>log.dirs</c> is <c>./fastlog-data</c>, and <c>log.dir</c> has no default.</item>
/// <item><c>listeners</c> is <c>PLAINTEXT://127.0.0.1:9092</c>: nothing is open to the network unasked.</item>
/// <item><c>node.id</c> is 1 and <c>process.roles</c> is <c>broker,controller</c>: it starts without a file.</item>
/// <item><c>listeners</c> and <c>listener.security.protocol.map</c> do not change at run time.</item>
/// <item><c>log.segment.bytes</c> may be as small as 14, as in Kafka before 4.0.</item>
/// </list>
/// </summary>
public static class BrokerConfigDefinitions
{
    // Keys of plug-ins and of single listeners: Kafka hands these on, whatever stands behind the prefix.
    private static readonly string[] Prefixes =
        ["listener.name.", "config.providers", "rsm.config.", "rlmm.config.", "metrics.jmx."];

    /// <summary>All of them.</summary>
    public static ConfigCatalog Catalog { get; } = new(
    [
        .. NodeKeys.All, .. ListenerKeys.All, .. SocketKeys.All, .. TopicKeys.All, .. LogKeys.All, .. CleanerKeys.All,
        .. ReplicationKeys.All, .. QuorumKeys.All, .. GroupKeys.All, .. ShareGroupKeys.All, .. TransactionKeys.All,
        .. QuotaKeys.All, .. SaslKeys.All, .. SecurityKeys.All, .. TieringKeys.All,
    ]);

    /// <summary>Every definition, in the order of the names.</summary>
    public static IReadOnlyList<ConfigDefinition> All => Catalog.All;

    /// <summary>The definition of a name, when there is one.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out ConfigDefinition? definition) =>
        Catalog.TryGet(name, out definition);

    /// <summary>True for a name that Kafka accepts for how it begins, such as a listener's own TLS keys.</summary>
    public static bool HasKnownPrefix(string name) =>
        Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
