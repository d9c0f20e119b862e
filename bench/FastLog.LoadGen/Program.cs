using System.CommandLine;
using FastLog.Load.Commands;
using FastLog.LoadGen.Suite;

var root = new RootCommand("Loads a broker that speaks the Kafka protocol, and says what it cost.") { SuiteCommand.Create() };
foreach (Command load in LoadCommands.All())
{
    root.Subcommands.Add(load);
}

// A load ends by itself after Ctrl-C and says what it measured; the suite ends what it started.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await root.Parse(args).InvokeAsync(invocation);
