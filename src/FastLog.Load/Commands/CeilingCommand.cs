using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>ceiling</c>: what the generator itself can do.</summary>
public static class CeilingCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        ProduceOptions produce = new();
        Command command = new(
            "ceiling",
            "Produce to a sink that only acknowledges, in a process of its own on this machine: what the generator can do at best, with the "
            + "same options as produce. The result shows the sink where a broker stands.");
        load.AddTo(command);
        produce.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new CeilingLoad(
            produce.Complete(load.TargetOf(parsed), parsed),
            produce.SettingsOf(parsed),
            load.ExtentOf(parsed, produce.RateOf(parsed)))
            .RunAsync([.. LoadRunner.PathOf(parsed).SkipLast(1), SinkCommand.Name], cancellationToken));
        return command;
    }
}
