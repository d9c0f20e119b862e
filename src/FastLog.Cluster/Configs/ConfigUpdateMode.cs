namespace FastLog.Cluster.Configs;

/// <summary>Whether a configuration can change while the broker runs (KIP-226).</summary>
public enum ConfigUpdateMode
{
    /// <summary>Only in the properties file; a change needs a restart.</summary>
    ReadOnly,

    /// <summary>Can change at run time, for one broker by its id.</summary>
    PerBroker,

    /// <summary>Can change at run time, for one broker or for all of them.</summary>
    ClusterWide,
}
