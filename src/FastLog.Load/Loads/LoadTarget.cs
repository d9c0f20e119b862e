namespace FastLog.Load.Loads;

/// <summary>Which topic of which broker a load runs against, and how the topic is made.</summary>
public sealed record LoadTarget
{
    /// <summary>HOST:PORT, or several divided by commas.</summary>
    public required string BootstrapServers { get; init; }

    /// <summary>The topic's name.</summary>
    public required string Topic { get; init; }

    /// <summary>The topic is created with so many when it is not there; 0 takes it as it is.</summary>
    public int PartitionsCount { get; init; }

    /// <summary>The topic's <c>flush.messages</c>, set when it is created; null leaves it to the broker. 1 asks for a
    /// write to disk before every acknowledgement.</summary>
    public long? FlushMessages { get; init; }

    /// <summary>The broker's process on this machine, when its use is to be measured.</summary>
    public int? BrokerPid { get; init; }

    /// <summary>How long one sample of the timeline is, in ms.</summary>
    public int TimelineIntervalMs { get; init; } = 250;

    /// <summary>Whether to say on standard error how far the load is.</summary>
    public bool ShowsProgress { get; init; }
}
