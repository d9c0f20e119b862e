using System.CommandLine;

namespace FastLog.Load.Commands;

/// <summary>All commands that put load on a broker.</summary>
public static class LoadCommands
{
    /// <summary>Makes them, to be added to a program of their own.</summary>
    public static IReadOnlyList<Command> All() =>
    [
        ProduceCommand.Create(),
        ConsumeCommand.Create(),
        EndToEndCommand.Create(),
        MixedCommand.Create(),
        CommitsCommand.Create(),
        GroupsCommand.Create(),
        CeilingCommand.Create(),
        SinkCommand.Create(),
    ];

    /// <summary><c>bench</c>, a command that holds them.</summary>
    public static Command Bench()
    {
        Command bench = new("bench", "Put load on a broker, and see how fast it is and what it costs.");
        foreach (Command load in All())
        {
            bench.Subcommands.Add(load);
        }

        return bench;
    }
}
