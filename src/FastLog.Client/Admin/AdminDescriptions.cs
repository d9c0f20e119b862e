namespace FastLog.Client;

/// <summary>A topic to be created.</summary>
/// <param name="Name">Its name.</param>
/// <param name="PartitionsCount">How many partitions, or -1 for the broker's default (num.partitions).</param>
/// <param name="ReplicationFactor">How many replicas, or -1 for the broker's default (default.replication.factor).</param>
public sealed record NewTopic(string Name, int PartitionsCount = -1, short ReplicationFactor = -1)
{
    /// <summary>Its configs, where they differ from the broker's.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a broker made of a <see cref="NewTopic"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id; zero when the broker does not say.</param>
/// <param name="PartitionsCount">How many partitions it got, or -1 when the broker does not say.</param>
/// <param name="ReplicationFactor">How many replicas it got, or -1 when the broker does not say.</param>
public sealed record CreatedTopic(string Name, Guid Id, int PartitionsCount, int ReplicationFactor);

/// <summary>A cluster.</summary>
/// <param name="ClusterId">Its id, or null when the broker does not say.</param>
/// <param name="ControllerId">The broker to send changes to, or -1.</param>
/// <param name="Brokers">The brokers.</param>
public sealed record ClusterDescription(string? ClusterId, int ControllerId, IReadOnlyList<BrokerMetadata> Brokers);

/// <summary>Whose configs are meant; the numbers are Kafka's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>A topic, by its name.</summary>
    Topic = 2,

    /// <summary>A broker, by its id; all of them by an empty name.</summary>
    Broker = 4,

    /// <summary>The loggers of a broker, by its id.</summary>
    BrokerLogger = 8,

    /// <summary>Client metrics, by the name of the subscription.</summary>
    ClientMetrics = 16,

    /// <summary>A group, by its id.</summary>
    Group = 32,
}

/// <summary>Where the value of a config comes from; the numbers are Kafka's.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>The broker does not say.</summary>
    Unknown = 0,

    /// <summary>Set for this topic.</summary>
    DynamicTopic = 1,

    /// <summary>Set for this broker while it ran.</summary>
    DynamicBroker = 2,

    /// <summary>Set for all brokers while they ran.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>From the broker's properties file.</summary>
    StaticBroker = 4,

    /// <summary>The default.</summary>
    Default = 5,

    /// <summary>Set for the loggers of this broker while it ran.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set for this client metrics subscription.</summary>
    ClientMetrics = 7,

    /// <summary>Set for this group.</summary>
    Group = 8,
}

/// <summary>One config.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Value">Its value; null when it is not set, or not shown.</param>
/// <param name="Source">Where the value comes from.</param>
/// <param name="IsReadOnly">Whether it cannot be changed while the broker runs.</param>
/// <param name="IsSensitive">Whether its value is not shown.</param>
public sealed record ConfigEntry(string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive);

/// <summary>What is done to a config; the numbers are Kafka's.</summary>
public enum ConfigChangeKind : sbyte
{
    /// <summary>It gets the value.</summary>
    Set = 0,

    /// <summary>It is as if it had never been set.</summary>
    Delete = 1,

    /// <summary>Adds words to a list.</summary>
    Append = 2,

    /// <summary>Takes words out of a list.</summary>
    Subtract = 3,
}

/// <summary>A change of one config.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="Kind">What to do.</param>
/// <param name="Value">The value, or the words; null to delete.</param>
public sealed record ConfigChange(string Name, ConfigChangeKind Kind, string? Value);
