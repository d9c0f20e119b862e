using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>A subscription to client metrics (KIP-714).</summary>
internal static class ClientMetricsKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("interval.ms", "300000", Between(100, 3600000), Medium, ClusterWide,
            "How often clients push.").Used(),
        ListKey("match", "", Any, Medium, ClusterWide,
            "Which clients are meant: pairs like client_id=app-.*, all of which have to match as regular expressions. " +
            "Empty for all clients.").Used(),
        ListKey("metrics", "", Any, Medium, ClusterWide,
            "Beginnings of the names of the metrics wanted; * for all of them.").Used(),
    ];
}
