using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog group reset-offsets</c>: moves what a group has committed.</summary>
internal static class ResetOffsetsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var group = GroupCommand.Group();
        var earliest = new Option<bool>("--to-earliest") { Description = "To the first record that is there." };
        var latest = new Option<bool>("--to-latest") { Description = "To the end." };
        var timestamp = new Option<string?>("--to-timestamp")
        {
            Description = "To the first record from a time on: ISO 8601 (UTC when no zone is given), or ms since 1970.",
            HelpName = "TIME",
        };
        var shift = new Option<long?>("--shift-by") { Description = "By so many offsets; below 0 to go back.", HelpName = "N" };
        var offset = new Option<long?>("--to-offset") { Description = "To this offset.", HelpName = "N" };
        var topics = new Option<string[]>("--topic")
        {
            Description = "A topic (T), or some of its partitions (T:0,1); may be repeated.",
            HelpName = "T[:0,1]",
            DefaultValueFactory = _ => [],
        };
        var allTopics = new Option<bool>("--all-topics") { Description = "All partitions that the group has committed for." };
        var execute = new Option<bool>("--execute") { Description = "Do it; without it only what would be done is shown." };
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json());
        var command = new Command("reset-offsets", "Move what a group without members has committed, within each log.")
        {
            group, earliest, latest, timestamp, shift, offset, topics, allTopics, execute, server, json,
        };
        Option[] targets = [earliest, latest, timestamp, shift, offset];
        command.Validators.Add(result =>
        {
            if (targets.Count(target => result.GetResult(target) is { Implicit: false }) != 1)
            {
                result.AddError($"exactly one of {string.Join(", ", targets.Select(target => target.Name))} is needed");
            }

            if (result.GetValue(topics) is { Length: > 0 } == result.GetValue(allTopics))
            {
                result.AddError("--topic or --all-topics is needed, and not both");
            }

            if (result.GetResult(offset) is { Implicit: false } && result.GetValue(offset) < 0)
            {
                result.AddError("--to-offset cannot be below 0");
            }
        });
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var target = new ResetTarget(
                parsed.GetValue(earliest) ? StartPosition.Earliest
                    : parsed.GetValue(latest) ? StartPosition.Latest
                    : parsed.GetValue(timestamp) is { } time ? ResetTarget.Timestamp(time)
                    : parsed.GetValue(offset) is { } to ? StartPosition.AtOffset(to)
                    : null,
                parsed.GetValue(shift) ?? 0);
            await using var admin = GroupCommand.Connect(parsed, server);
            var plan = await GroupReset.PlanAsync(
                admin,
                parsed.GetRequiredValue(group),
                target,
                parsed.GetValue(allTopics) ? null : [.. parsed.GetValue(topics)!.Select(TopicPartitions.Parse)],
                cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(execute) && plan.Partitions.Count > 0)
            {
                plan = await plan.ExecuteAsync(admin, cancellationToken).ConfigureAwait(false);
            }

            GroupOutput.Reset(plan, parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
