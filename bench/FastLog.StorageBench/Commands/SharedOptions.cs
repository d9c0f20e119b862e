using System.CommandLine;

namespace FastLog.StorageBench.Commands;

/// <summary>The options that every measurement takes.</summary>
internal sealed class SharedOptions
{
    public SharedOptions(int roundsDefault) => Rounds = new Option<int>("--rounds")
    {
        Description = "How often each of the compared ways is measured, in turns; medians are told.",
        DefaultValueFactory = _ => roundsDefault,
    };

    public Option<string> Parent { get; } = new("--dir")
    {
        Description = "A fresh folder below this one holds the files, and goes away afterwards.",
        DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
    };

    public Option<int> Rounds { get; }

    public void AddTo(Command command)
    {
        command.Options.Add(Parent);
        command.Options.Add(Rounds);
    }
}
