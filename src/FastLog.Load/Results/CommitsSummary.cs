namespace FastLog.Load.Results;

/// <summary>What is told of a load that commits offsets, beside what is told of all; its commits stand as records.</summary>
public sealed record CommitsSummary
{
    /// <summary>The groups that committed.</summary>
    public required int GroupsCount { get; init; }

    /// <summary>The connections they shared.</summary>
    public required int ConnectionsCount { get; init; }

    /// <summary>Partitions in each commit.</summary>
    public required int OffsetsPerCommit { get; init; }

    /// <summary>What commits that are not counted were answered with, one for each partition.</summary>
    public required IReadOnlyDictionary<string, long> ErrorsByName { get; init; }

    /// <summary>Offsets that were fetched at the end, all of them equal to the newest acknowledged commit; 0 for a load that
    /// was ended before its time.</summary>
    public required long OffsetsVerifiedCount { get; init; }
}
