namespace FastLog.Load.Loads;

/// <summary>How offsets are committed.</summary>
public sealed record CommitSettings
{
    /// <summary>So many connections; the groups are dealt out to them in turn, so there are no more than groups.</summary>
    public int ConnectionsCount { get; init; } = 64;

    /// <summary>So many groups, none of which has members.</summary>
    public int GroupsCount { get; init; } = 1_000;

    /// <summary>What the groups' names begin with.</summary>
    public string GroupPrefix { get; init; } = "load";

    /// <summary>Partitions of the topic in every commit.</summary>
    public int PartitionsCount { get; init; } = 1;

    /// <summary>Commits a second over all connections, each at its time; null for a closed loop.</summary>
    public double? RateCommitsPerSecond { get; init; }

    /// <summary>Commits of one connection on their way at once.</summary>
    public int InFlightMax { get; init; } = 1_000;
}
