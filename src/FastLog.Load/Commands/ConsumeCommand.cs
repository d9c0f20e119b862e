using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>consume</c>: a topic is read from its start, or from its end on.</summary>
public static class ConsumeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        ConsumeOptions consume = new();
        Option<bool> tail = new("--tail") { Description = "Begin at the end and read what comes, not at the start." };
        Command command = new("consume", "Read a topic from its start, as fast as it comes.") { tail };
        load.AddTo(command);
        consume.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new ConsumeLoad(
            load.TargetOf(parsed),
            consume.SettingsOf(parsed) with { ReadsTail = parsed.GetValue(tail) },
            load.ExtentOf(parsed, rateRecordsPerSecond: null)).RunAsync(cancellationToken));
        return command;
    }
}
