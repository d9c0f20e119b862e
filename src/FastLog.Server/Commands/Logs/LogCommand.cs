using System.CommandLine;
using FastLog.Storage;
using FastLog.Storage.Inspection;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog log</c>: looks into the files of a data directory, Kafka's or ours, and changes nothing there.
/// </summary>
internal static class LogCommand
{
    /// <summary>Exit code of <c>verify</c> when something is damaged.</summary>
    public const int DamagedExitCode = 2;

    private static readonly string[] Kinds = ["log", "index", "timeindex", "txnindex", "snapshot", "checkpoint"];

    /// <summary>The command.</summary>
    public static Command Create() =>
        new("log", "Look into the files of a data directory, stopped or in use; nothing is changed.") { Dump(), Verify() };

    private static Command Dump()
    {
        var directory = new Argument<string>("dir")
        {
            Description = "A log directory with all its partitions, or the directory of one partition.",
            HelpName = "DIR",
        };
        var records = new Option<bool>("--records") { Description = "Show the records of the batches." };
        var fromOffset = new Option<long>("--from-offset")
        {
            Description = "Leave out what ends before this offset.",
            HelpName = "N",
        };
        var max = new Option<long?>("--max")
        {
            Description = "Show at most so many batches of each partition; without it all of them.",
            HelpName = "N",
        };
        var only = new Option<string[]>("--only")
        {
            Description = $"Show files of this kind only: {string.Join(", ", Kinds)}; may be repeated.",
            HelpName = "KIND",
            DefaultValueFactory = _ => [],
        };
        only.AcceptOnlyFromAmong(Kinds);
        var json = ClientCommand.Json("One JSON object a line.");
        var command = new Command("dump", "Show batches, records, index entries, snapshots and checkpoints.")
        {
            directory, records, fromOffset, max, only, json,
        };
        command.SetRun((parsed, cancellationToken) =>
        {
            var kinds = parsed.GetValue(only)!;
            var options = new LogDumpOptions(
                parsed.GetValue(records),
                parsed.GetValue(fromOffset),
                parsed.GetValue(max) ?? long.MaxValue,
                kinds.Length == 0 ? Kinds.Contains : kinds.Contains);
            using var stream = Console.OpenStandardOutput();
            var output = new OutputBuffer(stream);
            using DumpOutput lines = parsed.GetValue(json) ? new JsonDumpOutput(output) : new TextDumpOutput(output);
            try
            {
                new LogDump(new PosixFileSystem(), options, lines, cancellationToken).Run(parsed.GetRequiredValue(directory));
            }
            finally
            {
                output.Flush();
            }

            return Task.FromResult(0);
        });
        return command;
    }

    private static Command Verify()
    {
        var directories = new Argument<string[]>("dir")
        {
            Description = "Log directories with all their partitions, or directories of single partitions.",
            HelpName = "DIR",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = ClientCommand.Json("One JSON object a line.");
        var command = new Command(
            "verify",
            "Check every byte: CRCs, offsets, records, indexes, snapshots, checkpoints. Exit code 0 when sound, 2 when damaged.")
        {
            directories, json,
        };
        command.SetRun((parsed, _) =>
        {
            using var stream = Console.OpenStandardOutput();
            var output = new OutputBuffer(stream);
            using DumpOutput lines = parsed.GetValue(json) ? new JsonDumpOutput(output) : new TextDumpOutput(output);
            return Task.FromResult(LogVerification.Run(parsed.GetRequiredValue(directories), lines, output.Flush));
        });
        return command;
    }
}
