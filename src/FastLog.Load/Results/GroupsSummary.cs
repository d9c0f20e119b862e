namespace FastLog.Load.Results;

/// <summary>What is told of a load of groups, beside what is told of all; their heartbeats stand as records.</summary>
public sealed record GroupsSummary
{
    /// <summary><c>classic</c> or <c>consumer</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The groups.</summary>
    public required int GroupsCount { get; init; }

    /// <summary>The members of all of them together.</summary>
    public required int MembersCount { get; init; }

    /// <summary>The connections that the members shared.</summary>
    public required int ConnectionsCount { get; init; }

    /// <summary>From the first join until every group had dealt out each partition to one of its members.</summary>
    public required double StableSeconds { get; init; }

    /// <summary>The broker's CPU meanwhile; null when its process is not looked at.</summary>
    public required double? FormingBrokerCpuSeconds { get; init; }

    /// <summary>Generations and epochs that came and went until then, over all groups.</summary>
    public required long FormingRebalancesCount { get; init; }

    /// <summary>The same afterwards, while the clock ran: none, if all is well.</summary>
    public required long RestRebalancesCount { get; init; }

    /// <summary>The broker's memory before; that at rest is <see cref="Measuring.ProcessUse.ResidentBytes"/>.</summary>
    public required long? ResidentBytesBefore { get; init; }

    /// <summary>Errors that are no part of joining, while the clock ran.</summary>
    public required IReadOnlyDictionary<string, long> ErrorsByName { get; init; }
}
