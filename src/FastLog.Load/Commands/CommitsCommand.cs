using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>commits</c>: a storm of offset commits by many groups.</summary>
public static class CommitsCommand
{
    private const int ClosedInFlightMax = 4;
    private const int OpenInFlightMax = 1_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        GroupOptions groups = new(partitionsDefault: 1);
        Option<double?> rate = Options.PositiveIfAny<double>(
            "--rate",
            "Open loop: so many commits a second over all connections, each at its time, whatever became of those before; "
            + "latencies count from that time. When not given, closed loop.",
            "COMMITS_PER_SECOND");
        Option<int?> inFlight = Options.PositiveIfAny<int>(
            "--in-flight-max",
            $"Commits of one connection on their way at once; {ClosedInFlightMax} when not given, with --rate {OpenInFlightMax}.",
            "N");
        Command command = new(
            "commits",
            "Commit offsets for many groups, and see at the end that the broker has the newest it acknowledged of each. "
            + "Here a record is a commit, of --partitions offsets.")
        {
            rate,
            inFlight,
        };
        load.AddTo(command);
        groups.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new CommitLoad(
            load.TargetOf(parsed) with { PartitionsCount = groups.PartitionsOf(parsed) },
            new CommitSettings
            {
                ConnectionsCount = groups.ConnectionsOf(parsed),
                GroupsCount = groups.GroupsOf(parsed),
                GroupPrefix = groups.PrefixOf(parsed),
                PartitionsCount = groups.PartitionsOf(parsed),
                RateCommitsPerSecond = parsed.GetValue(rate),
                InFlightMax = parsed.GetValue(inFlight) ?? (parsed.GetValue(rate) is null ? ClosedInFlightMax : OpenInFlightMax),
            },
            load.ExtentOf(parsed, parsed.GetValue(rate))).RunAsync(cancellationToken));
        return command;
    }
}
