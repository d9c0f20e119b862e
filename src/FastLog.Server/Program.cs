using System.CommandLine;
using FastLog.Server.Commands;
using FastLog.Server.Hosting;
using LoadCommands = FastLog.Load.Commands.LoadCommands;

var root = new RootCommand("FastLog: a log broker that speaks the Kafka protocol and acknowledges what is on disk.")
{
    ServerCommand.Create(),
    TopicCommand.Create(),
    ConfigCommand.Create(),
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
    GroupCommand.Create(),
    ClusterCommand.Create(),
    LogDirsCommand.Create(),
    LogCommand.Create(),
    LoadCommands.Bench(),
};

// The server waits for its own clean stop, however long its last flush takes.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await root.Parse(args).InvokeAsync(invocation).ConfigureAwait(false);
