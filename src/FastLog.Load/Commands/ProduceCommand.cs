using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>produce</c>: a topic is filled, as fast as the broker acknowledges or at a rate.</summary>
public static class ProduceCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        ProduceOptions produce = new();
        Command command = new("produce", "Fill a topic and wait for every acknowledgement.");
        load.AddTo(command);
        produce.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new ProduceLoad(
            produce.Complete(load.TargetOf(parsed), parsed),
            produce.SettingsOf(parsed),
            load.ExtentOf(parsed, produce.RateOf(parsed))).RunAsync(cancellationToken));
        return command;
    }
}
