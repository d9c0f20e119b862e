using System.CommandLine;
using System.Globalization;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog group</c>: shows groups and their lag, moves their offsets, deletes them.</summary>
internal static class GroupCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("group", "List, describe, delete consumer groups; reset their offsets.")
    {
        List(),
        Describe(),
        ResetOffsetsCommand.Create(),
        Delete(),
    };

    internal static Argument<string> Group() => new("group") { Description = "The group.", HelpName = "GROUP" };

    internal static AdminClient Connect(ParseResult parsed, Option<string> server) =>
        new(new ClientOptions { BootstrapServers = parsed.GetValue(server)! });

    private static Command List()
    {
        var states = new Option<string[]>("--state")
        {
            Description = "Only groups in this state, such as Stable or Empty; may be repeated.",
            HelpName = "STATE",
            DefaultValueFactory = _ => [],
        };
        var types = new Option<string[]>("--type")
        {
            Description = "Only groups of this type; may be repeated.",
            HelpName = "classic|consumer",
            DefaultValueFactory = _ => [],
        };
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json());
        var command = new Command("list", "List groups.") { states, types, server, json };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            GroupOutput.List(
                await admin.ListGroupsAsync(parsed.GetValue(states), parsed.GetValue(types), cancellationToken).ConfigureAwait(false),
                parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command Describe()
    {
        var group = Group();
        var members = new Option<bool>("--members") { Description = "Show its members in place of its partitions." };
        var state = new Option<bool>("--state") { Description = "Show its state only." };
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json());
        var command = new Command(
            "describe", "Show a group: for each partition what is committed, where the log ends, the lag and who reads it.")
        {
            group, members, state, server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            var view = parsed.GetValue(state) ? GroupView.State : parsed.GetValue(members) ? GroupView.Members : GroupView.Lag;
            GroupOutput.Describe(
                await GroupLag.ReadAsync(admin, parsed.GetRequiredValue(group), cancellationToken).ConfigureAwait(false),
                view,
                parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command Delete()
    {
        var group = Group();
        var topics = new Option<string[]>("--topic")
        {
            Description = "Only forget the offsets of this topic (T) or of some of its partitions (T:0,1); may be repeated.",
            HelpName = "T[:0,1]",
            DefaultValueFactory = _ => [],
        };
        var server = ClientCommand.BootstrapServer();
        var command = new Command("delete", "Delete a group without members, or some of its offsets.") { group, topics, server };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            var groupId = parsed.GetRequiredValue(group);
            var wanted = parsed.GetValue(topics)!.Select(TopicPartitions.Parse).ToList();
            if (wanted.Count == 0)
            {
                await admin.DeleteGroupAsync(groupId, cancellationToken).ConfigureAwait(false);
                Console.WriteLine($"deleted group {groupId}");
                return 0;
            }

            var committed = (await admin.ListGroupOffsetsAsync([groupId], cancellationToken).ConfigureAwait(false))[groupId];
            List<TopicAndPartition> partitions = [.. committed.Keys.Where(partition => wanted.Exists(topic =>
                topic.Topic == partition.Topic && (topic.Partitions.Count == 0 || topic.Partitions.Contains(partition.Partition))))];
            if (partitions.Count > 0)
            {
                await admin.DeleteGroupOffsetsAsync(groupId, partitions, cancellationToken).ConfigureAwait(false);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"deleted the offsets of {partitions.Count} partitions of group {groupId}"));
            return 0;
        });
        return command;
    }
}
