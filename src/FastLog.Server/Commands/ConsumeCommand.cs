using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog consume</c>: prints the records of a topic.</summary>
internal static class ConsumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var topics = new Argument<string[]>("topic")
        {
            Description = "The topic; with --group there may be several.",
            HelpName = "TOPIC",
            Arity = ArgumentArity.OneOrMore,
        };
        var from = new Option<string>("--from", "-o")
        {
            Description = ConsumeStart.Help,
            HelpName = "start|end|OFFSET|TIMESTAMP",
            DefaultValueFactory = _ => "start",
        };
        var count = new Option<long?>("--count", "-c")
        {
            Description = "Stop after so many records.",
            HelpName = "N",
        };
        var format = new Option<string>("--format", "-f")
        {
            Description = RecordFormat.Help,
            HelpName = "TEXT",
            DefaultValueFactory = _ => "%s\\n",
        };
        var partitions = new Option<int[]>("--partition", "-p")
        {
            Description = "Read this partition only; may be repeated. Without it all of them.",
            HelpName = "N",
            DefaultValueFactory = _ => [],
        };
        var follow = new Option<bool>("--follow")
        {
            Description = "Go on at the end and wait for more. Without it the end as of the start is where it stops.",
        };
        var committed = new Option<bool>("--read-committed")
        {
            Description = "Leave out records of open and aborted transactions (isolation.level=read_committed).",
        };
        var server = ClientCommand.BootstrapServer();
        var json = ClientCommand.Json("Print each record as a JSON object on a line of its own.");
        var command = new Command("consume", "Print the records of a topic; in order within each partition.")
        {
            topics, from, count, format, partitions, follow, committed, server, json,
        };
        var group = new ConsumeGroupOptions();
        foreach (var option in group.All)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            var isMember = result.GetValue(group.Group) is not null;
            if (isMember && result.GetValue(partitions) is { Length: > 0 })
            {
                result.AddError("--partition cannot go with --group: the group assigns partitions");
            }
            else if (!isMember && result.GetValue(topics) is { Length: > 1 })
            {
                result.AddError("several topics go only with --group");
            }
            else if (!isMember && result.GetValue(group.TimeoutMs) is not null)
            {
                result.AddError("--timeout-ms goes only with --group");
            }
        });
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var options = new ConsumerOptions
            {
                BootstrapServers = parsed.GetValue(server)!,
                IsolationLevel = parsed.GetValue(committed) ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            };
            using var output = Console.OpenStandardOutput();
            if (parsed.GetValue(group.Group) is not null)
            {
                var member = new ConsumeGroupRun(group.Apply(parsed, options, ConsumeStart.Parse(parsed.GetValue(from)!)))
                {
                    Topics = parsed.GetRequiredValue(topics),
                    CountMax = parsed.GetValue(count) ?? long.MaxValue,
                    TimeoutMs = parsed.GetValue(group.TimeoutMs),
                    Format = RecordFormat.Parse(parsed.GetValue(format)!),
                    Json = parsed.GetValue(json),
                };
                return await member.RunAsync(output, cancellationToken).ConfigureAwait(false);
            }

            var run = new ConsumeRun(options)
            {
                Topic = parsed.GetRequiredValue(topics)[0],
                From = ConsumeStart.Parse(parsed.GetValue(from)!),
                CountMax = parsed.GetValue(count) ?? long.MaxValue,
                Format = RecordFormat.Parse(parsed.GetValue(format)!),
                Partitions = parsed.GetValue(partitions)!,
                Follow = parsed.GetValue(follow),
                Json = parsed.GetValue(json),
            };
            return await run.RunAsync(output, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}
