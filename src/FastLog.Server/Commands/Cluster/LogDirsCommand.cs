using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog log-dirs</c>: where partitions lie, and how full it is there.</summary>
internal static class LogDirsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var topics = new Option<string[]>("--topic")
        {
            Description = "Count the partitions of this topic only; may be repeated.",
            HelpName = "NAME",
            DefaultValueFactory = _ => [],
        };
        var details = new Option<bool>("--details") { Description = "Show each partition." };
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json());
        var command = new Command("log-dirs", "Show the brokers' log directories and what lies in them.")
        {
            topics, details, server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = new AdminClient(new ClientOptions { BootstrapServers = parsed.GetValue(server)! });
            var asked = parsed.GetValue(topics)!;
            var cluster = await admin.DescribeClusterAsync(cancellationToken).ConfigureAwait(false);
            List<LogDirectoryDescription> directories = [];
            foreach (var broker in cluster.Brokers)
            {
                directories.AddRange(await admin
                    .DescribeLogDirsAsync(broker.NodeId, asked.Length == 0 ? null : [.. asked.Distinct()], cancellationToken)
                    .ConfigureAwait(false));
            }

            LogDirsOutput.Write(directories, parsed.GetValue(details), parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
