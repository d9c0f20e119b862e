using System.CommandLine;
using FastLog.Load.Commands;
using FastLog.LoadGen.Suite;

var root = new RootCommand("Loads a broker that speaks the Kafka protocol, and says what it cost.")
{
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
    SuiteCommand.Create(),
};

// What was started is ended and deleted before this program ends, even after Ctrl-C.
InvocationConfiguration invocation = new() { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await root.Parse(args).InvokeAsync(invocation);
