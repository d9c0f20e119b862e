using System.Globalization;

namespace FastLog.Load.Results;

/// <summary>What tables show of loads that commit or that are groups.</summary>
internal static class GroupColumns
{
    public static IReadOnlyList<(string Head, Func<LoadResult, string> Show)> All { get; } =
    [
        ("groups / connections", result => OfCommits(result, commits => $"{commits.GroupsCount:N0} / {commits.ConnectionsCount:N0}")),
        ("offsets verified", result => OfCommits(result, commits => $"{commits.OffsetsVerifiedCount:N0}")),
        ("groups / members / connections", result => OfGroups(
            result, groups => $"{groups.GroupsCount:N0} {groups.Protocol} / {groups.MembersCount:N0} / {groups.ConnectionsCount:N0}")),
        ("stable after s", result => OfGroups(result, groups => $"{groups.StableSeconds:N2}")),
        ("broker CPU s until stable", result => OfGroups(result, groups => $"{groups.FormingBrokerCpuSeconds:N2}")),
        ("rebalances until stable / after", result => OfGroups(
            result, groups => $"{groups.FormingRebalancesCount:N0} / {groups.RestRebalancesCount:N0}")),
        ("broker MB before / at rest", result => OfGroups(
            result, groups => $"{groups.ResidentBytesBefore / 1e6:N0} / {result.Measured.Broker?.ResidentBytes / 1e6:N0}")),
        ("errors", result => Errors(result.Commits?.ErrorsByName ?? result.Groups?.ErrorsByName)),
    ];

    private static string OfCommits(LoadResult result, Func<CommitsSummary, FormattableString> show) =>
        result.Commits is { } commits ? show(commits).ToString(CultureInfo.InvariantCulture) : ResultColumns.Nothing;

    private static string OfGroups(LoadResult result, Func<GroupsSummary, FormattableString> show) =>
        result.Groups is { } groups ? show(groups).ToString(CultureInfo.InvariantCulture) : ResultColumns.Nothing;

    private static string Errors(IReadOnlyDictionary<string, long>? countsByName) => countsByName switch
    {
        null => ResultColumns.Nothing,
        { Count: 0 } => "none",
        _ => string.Join(", ", countsByName.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:N0}"))),
    };
}
