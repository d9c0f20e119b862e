namespace FastLog.Cluster.Configs;

/// <summary>How much a configuration matters to somebody who sets up a broker, as Kafka's reference ranks it.</summary>
public enum ConfigImportance
{
    /// <summary>Look at it before the first start.</summary>
    High,

    /// <summary>Look at it when tuning.</summary>
    Medium,

    /// <summary>Rarely touched.</summary>
    Low,

    /// <summary>Not part of Kafka's published reference.</summary>
    Internal,
}
