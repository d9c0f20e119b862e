namespace FastLog.Cluster.Configs;

/// <summary>Where a value comes from; the numbers are those of DescribeConfigs.</summary>
public enum ConfigSource
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Set for the topic.</summary>
    Topic = 1,

    /// <summary>Set at run time for one broker.</summary>
    DynamicBroker = 2,

    /// <summary>Set at run time for all brokers.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>Given in the properties file or on the command line.</summary>
    Static = 4,

    /// <summary>Nobody set it.</summary>
    Default = 5,

    /// <summary>Set at run time for a logger of one broker.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set for a subscription to client metrics.</summary>
    ClientMetrics = 7,

    /// <summary>Set for the group.</summary>
    Group = 8,
}
