using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>groups</c>: many groups with members at rest, their heartbeats running.</summary>
public static class GroupsCommand
{
    private const string Classic = "classic";
    private const string Consumer = "consumer";
    private const int PartitionsDefault = 10;
    private const double RestSecondsDefault = 30;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        GroupOptions groups = new(PartitionsDefault);
        Option<int> members = Options.Positive("--members", "Members of each group.", 5);
        Option<string> protocol = new("--group-protocol")
        {
            Description = "Whether the leading member assigns partitions (classic) or the broker (consumer, KIP-848).",
            DefaultValueFactory = _ => Classic,
        };
        protocol.AcceptOnlyFromAmong(Classic, Consumer);
        Option<int> heartbeatInterval = Options.Positive(
            "--heartbeat-interval-ms", "Between two heartbeats of a classic member; a consumer's broker says it.", 3_000);
        Option<int> sessionTimeout = Options.Positive(
            "--session-timeout-ms", "How long a classic member may be silent.", 45_000);
        Option<int> stableTimeout = Options.Positive(
            "--stable-timeout-ms", "Fail when not all groups are stable after so long.", 120_000);
        Command command = new(
            "groups",
            "Have groups with members join, and see what their heartbeats cost at rest. Ends so long after all are stable as "
            + "--duration-seconds says (30); --records and --warmup-records mean nothing here.")
        {
            members, protocol, heartbeatInterval, sessionTimeout, stableTimeout,
        };
        load.AddTo(command);
        groups.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new GroupLoad(
            load.TargetOf(parsed) with { PartitionsCount = groups.PartitionsOf(parsed) },
            new GroupSettings
            {
                GroupsCount = groups.GroupsOf(parsed),
                MembersPerGroup = parsed.GetValue(members),
                GroupPrefix = groups.PrefixOf(parsed),
                IsConsumerProtocol = parsed.GetValue(protocol) == Consumer,
                ConnectionsCount = groups.ConnectionsOf(parsed),
                HeartbeatIntervalMs = parsed.GetValue(heartbeatInterval),
                SessionTimeoutMs = parsed.GetValue(sessionTimeout),
                StableTimeoutMs = parsed.GetValue(stableTimeout),
            },
            load.ExtentOf(parsed, null).Duration ?? TimeSpan.FromSeconds(RestSecondsDefault)).RunAsync(cancellationToken));
        return command;
    }
}
