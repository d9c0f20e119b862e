using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog config</c>: shows and changes configs while the broker runs.</summary>
internal static class ConfigCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new(
        "config", "Describe, set and delete configs of topics, brokers, loggers, groups and client metrics.")
    {
        Describe(),
        Set(),
        Delete(),
    };

    private static Command Describe()
    {
        var target = new ConfigTarget();
        var all = new Option<bool>("--all") { Description = "Show what nobody set too, with its default." };
        var (server, json) = (ClientCommand.BootstrapServer(), ClientCommand.Json("Print JSON."));
        var command = new Command("describe", "Show the configs that were set.") { all, server, json };
        target.AddTo(command);
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var (type, name) = target.From(parsed);
            await using var admin = Connect(parsed, server);
            var configs = await admin.DescribeConfigsAsync(type, name, cancellationToken).ConfigureAwait(false);
            ConfigOutput.Describe(
                type, name, [.. configs.Where(config => parsed.GetValue(all) || ConfigOutput.IsOwn(type, config))], parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command Set()
    {
        var pairs = new Argument<string[]>("key=value")
        {
            Description = "What to set.",
            HelpName = "KEY=VALUE",
            Arity = ArgumentArity.OneOrMore,
        };
        return Change(
            new Command("set", "Set configs; they are in force at once and survive a restart.") { pairs },
            parsed =>
            [
                .. parsed.GetRequiredValue(pairs)
                    .Select(text => KeyValueText.Parse(text, "set"))
                    .Select(pair => new ConfigChange(pair.Key, ConfigChangeKind.Set, pair.Value)),
            ]);
    }

    private static Command Delete()
    {
        var keys = new Argument<string[]>("key")
        {
            Description = "What to delete.",
            HelpName = "KEY",
            Arity = ArgumentArity.OneOrMore,
        };
        return Change(
            new Command("delete", "Delete configs, so that the next weaker value counts again.") { keys },
            parsed => [.. parsed.GetRequiredValue(keys).Select(key => new ConfigChange(key, ConfigChangeKind.Delete, null))]);
    }

    private static Command Change(Command command, Func<ParseResult, IReadOnlyList<ConfigChange>> changesIn)
    {
        var target = new ConfigTarget();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only check whether it could be done." };
        var server = ClientCommand.BootstrapServer();
        command.Options.Add(dryRun);
        command.Options.Add(server);
        target.AddTo(command);
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var (type, name) = target.From(parsed);
            var (changes, isDryRun) = (changesIn(parsed), parsed.GetValue(dryRun));
            await using var admin = Connect(parsed, server);
            await admin.IncrementalAlterConfigsAsync(type, name, changes, isDryRun, cancellationToken).ConfigureAwait(false);
            ConfigOutput.Changed(type, name, changes, isDryRun);
            return 0;
        });
        return command;
    }

    private static AdminClient Connect(ParseResult parsed, Option<string> server) =>
        new(new ClientOptions { BootstrapServers = parsed.GetValue(server)! });
}
