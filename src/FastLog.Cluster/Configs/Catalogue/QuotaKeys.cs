using static FastLog.Cluster.Configs.Catalogue.Keys;
using static FastLog.Cluster.Configs.ConfigImportance;
using static FastLog.Cluster.Configs.ConfigUpdateMode;
using static FastLog.Cluster.Configs.ConfigValidator;

namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>Client quotas.</summary>
internal static class QuotaKeys
{
    public static ConfigDefinition[] All { get; } =
    [
        IntKey("quota.window.num", "11", AtLeast(1), Low, ReadOnly,
            "Samples kept for client quotas."),
        IntKey("quota.window.size.seconds", "1", AtLeast(1), Low, ReadOnly,
            "The time one of those samples covers."),
        ClassKey("client.quota.callback.class", null, Low, ReadOnly,
            "Class that decides on quotas."),
    ];
}
