using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>mixed</c>: consumers catch up with old records while producers go on.</summary>
public static class MixedCommand
{
    private const double RateDefault = 100_000;

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        LoadOptions load = new();
        ProduceOptions produce = new(RateDefault);
        ConsumeOptions consume = new();
        Option<long> backlog = Options.Positive(
            "--backlog-records", "How many records are stored first, and read then; reading them is what the clock times.", 10_000_000L);
        Command command = new(
            "mixed",
            "Read a topic from its start while producers go on at a rate; ends when the backlog is read. --records bounds what is produced meanwhile.")
        {
            backlog,
        };
        load.AddTo(command);
        produce.AddTo(command);
        consume.AddTo(command);
        command.SetLoad(load, (parsed, cancellationToken) => new MixedLoad(
            produce.Complete(load.TargetOf(parsed), parsed),
            produce.SettingsOf(parsed),
            consume.SettingsOf(parsed),
            parsed.GetValue(backlog),
            load.ExtentOrAllOf(parsed)).RunAsync(cancellationToken));
        return command;
    }
}
