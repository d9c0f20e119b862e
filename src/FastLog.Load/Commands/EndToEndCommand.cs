using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>end-to-end</c>: how long records take from the time they are meant to be sent to their consumer.</summary>
public static class EndToEndCommand
{
    private const double RateDefault = 20_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        ProduceOptions produce = new(RateDefault, lingerMsDefault: 0);
        ConsumeOptions consume = new();
        Command command = new(
            "end-to-end",
            "Produce at a rate while consumers read the tail, and measure how long records take to reach them. Values begin with the time.");
        load.AddTo(command);
        produce.AddTo(command);
        consume.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) =>
        {
            ProduceSettings settings = produce.SettingsOf(parsed);
            return settings.Sizes.MinBytes < EndToEndLoad.RecordSizeBytesMin
                ? throw new UsageException(
                    $"--record-size-bytes must be {EndToEndLoad.RecordSizeBytesMin} or more here: values carry the time they were meant to be sent at")
                : new EndToEndLoad(
                    produce.Complete(load.TargetOf(parsed), parsed),
                    settings,
                    consume.SettingsOf(parsed),
                    load.ExtentOf(parsed, produce.RateOf(parsed))).RunAsync(cancellationToken);
        });
        return command;
    }
}
