namespace FastLog.Cluster;

/// <summary>What a configuration belongs to, with Kafka's numbers.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A broker; the empty name means all brokers.</summary>
    Broker = 4,

    /// <summary>A broker's loggers.</summary>
    BrokerLogger = 8,

    /// <summary>A subscription to client metrics.</summary>
    ClientMetrics = 16,

    /// <summary>A group.</summary>
    Group = 32,
}

/// <summary>One thing that can be configured.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Name">Its name; the broker id as text for a broker.</param>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name);
