using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog cluster</c>: what the cluster is made of.</summary>
internal static class ClusterCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("cluster", "Show what the cluster is made of.") { Describe() };

    private static Command Describe()
    {
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json());
        var command = new Command("describe", "Show cluster id, controller, brokers, features and the metadata quorum.")
        {
            server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = new AdminClient(new ClientOptions { BootstrapServers = parsed.GetValue(server)! });
            var cluster = await admin.DescribeClusterAsync(cancellationToken).ConfigureAwait(false);
            ClusterOutput.Write(
                cluster,
                await admin.DescribeBrokersAsync(cancellationToken).ConfigureAwait(false),
                await admin.DescribeFeaturesAsync(cancellationToken).ConfigureAwait(false),
                await admin.DescribeQuorumAsync(cancellationToken).ConfigureAwait(false),
                parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
