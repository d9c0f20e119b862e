using System.CommandLine;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog consume</c>: prints the records of a topic.</summary>
internal static class ConsumeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var topic = new Argument<string>("topic") { Description = "The topic.", HelpName = "TOPIC" };
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
            topic, from, count, format, partitions, follow, committed, server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var options = new ConsumerOptions
            {
                BootstrapServers = parsed.GetValue(server)!,
                IsolationLevel = parsed.GetValue(committed) ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            };
            var run = new ConsumeRun(options)
            {
                Topic = parsed.GetRequiredValue(topic),
                From = ConsumeStart.Parse(parsed.GetValue(from)!),
                CountMax = parsed.GetValue(count) ?? long.MaxValue,
                Format = RecordFormat.Parse(parsed.GetValue(format)!),
                Partitions = parsed.GetValue(partitions)!,
                Follow = parsed.GetValue(follow),
                Json = parsed.GetValue(json),
            };
            using var output = Console.OpenStandardOutput();
            return await run.RunAsync(output, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }
}
