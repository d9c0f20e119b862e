namespace FastLog.Load.Loads;

/// <summary>How the groups of a load are.</summary>
public sealed record GroupSettings
{
    /// <summary>So many groups.</summary>
    public int GroupsCount { get; init; } = 1_000;

    /// <summary>Members of each.</summary>
    public int MembersPerGroup { get; init; } = 5;

    /// <summary>What the groups' names begin with.</summary>
    public string GroupPrefix { get; init; } = "load";

    /// <summary>Whether the broker assigns (KIP-848), not the leading member.</summary>
    public bool IsConsumerProtocol { get; init; }

    /// <summary>So many connections for what is answered at once; with the classic protocol as many more for what waits for
    /// others, as answers leave a broker in the order of requests.</summary>
    public int ConnectionsCount { get; init; } = 64;

    /// <summary>Between two heartbeats of a classic member, in ms; with the consumer protocol the broker says.</summary>
    public int HeartbeatIntervalMs { get; init; } = 3_000;

    /// <summary>How long a classic member may be silent, in ms.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>How long members may take to rejoin, in ms.</summary>
    public int RebalanceTimeoutMs { get; init; } = 60_000;

    /// <summary>How long the groups may take to become stable, in ms.</summary>
    public int StableTimeoutMs { get; init; } = 120_000;
}
