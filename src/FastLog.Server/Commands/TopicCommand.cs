using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog topic</c>: creates, shows, changes and deletes topics.</summary>
internal static class TopicCommand
{
    /// <summary>The command.</summary>
    public static Command Create() => new("topic", "Create, list, describe, delete topics; add partitions.")
    {
        CreateTopic(),
        ListTopics(),
        DescribeTopics(),
        DeleteTopic(),
        AddPartitions(),
    };

    private static Command CreateTopic()
    {
        var name = Name();
        var partitions = new Option<int>("--partitions")
        {
            Description = "How many partitions; without it the broker's num.partitions.",
            HelpName = "N",
            DefaultValueFactory = _ => -1,
        };
        var replicationFactor = new Option<short>("--replication-factor")
        {
            Description = "How many replicas of each partition; without it the broker's default.replication.factor.",
            HelpName = "N",
            DefaultValueFactory = _ => -1,
        };
        var configs = new Option<string[]>("--config")
        {
            Description = "A topic config that differs from the broker's, such as retention.ms=60000; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var (server, json) = (ClientCommand.BootstrapServer(), Json());
        var command = new Command("create", "Create a topic.") { name, partitions, replicationFactor, configs, server, json };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var topic = new NewTopic(
                parsed.GetRequiredValue(name), parsed.GetValue(partitions), parsed.GetValue(replicationFactor))
            {
                Configs = parsed.GetValue(configs)!.Select(text => KeyValueText.Parse(text, "--config")).ToDictionary(),
            };
            await using var admin = Connect(parsed, server);
            var created = await admin.CreateTopicAsync(topic, cancellationToken: cancellationToken).ConfigureAwait(false);
            TopicOutput.Created(created, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command ListTopics()
    {
        var withInternal = new Option<bool>("--internal") { Description = "Show the broker's own topics too." };
        var (server, json) = (ClientCommand.BootstrapServer(), Json());
        var command = new Command("list", "List the topics.") { withInternal, server, json };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            var topics = await admin.ListTopicsAsync(cancellationToken).ConfigureAwait(false);
            TopicOutput.List([.. topics.Where(topic => !topic.IsInternal || parsed.GetValue(withInternal))], parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command DescribeTopics()
    {
        var name = new Argument<string?>("name")
        {
            Description = "The topic; without it all of them.",
            HelpName = "NAME",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var (server, json) = (ClientCommand.BootstrapServer(), Json());
        var command = new Command("describe", "Show partitions, leaders, replicas, offsets and the configs that were set.")
        {
            name, server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            var topics = parsed.GetValue(name) is { } one
                ? [await admin.DescribeTopicAsync(one, cancellationToken).ConfigureAwait(false)]
                : (await admin.ListTopicsAsync(cancellationToken).ConfigureAwait(false)).Where(topic => !topic.IsInternal);
            List<TopicDescription> described = [];
            foreach (var topic in topics)
            {
                described.Add(await TopicDescription.ReadAsync(admin, topic, cancellationToken).ConfigureAwait(false));
            }

            TopicOutput.Describe(described, parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static Command DeleteTopic()
    {
        var name = Name();
        var server = ClientCommand.BootstrapServer();
        var command = new Command("delete", "Delete a topic and all its records.") { name, server };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            await admin.DeleteTopicAsync(parsed.GetRequiredValue(name), cancellationToken).ConfigureAwait(false);
            Console.WriteLine($"deleted topic {parsed.GetValue(name)}");
            return 0;
        });
        return command;
    }

    private static Command AddPartitions()
    {
        var name = Name();
        var partitions = new Option<int>("--partitions")
        {
            Description = "How many partitions the topic is to have in all. Keys may move to other partitions by it.",
            HelpName = "N",
            Required = true,
        };
        var server = ClientCommand.BootstrapServer();
        var command = new Command("add-partitions", "Give a topic more partitions.") { name, partitions, server };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            await using var admin = Connect(parsed, server);
            var count = parsed.GetValue(partitions);
            await admin.CreatePartitionsAsync(parsed.GetRequiredValue(name), count, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            Console.WriteLine($"topic {parsed.GetValue(name)} has {count} partitions");
            return 0;
        });
        return command;
    }

    private static Argument<string> Name() => new("name") { Description = "The topic.", HelpName = "NAME" };

    private static Option<bool> Json() => ClientCommand.Json();

    private static AdminClient Connect(ParseResult parsed, Option<string> server) =>
        new(new ClientOptions { BootstrapServers = parsed.GetValue(server)! });
}
