using System.CommandLine;
using FastLog.Load.Commands;
using FastLog.LoadGen.Commands;

var root = new RootCommand("Loads a broker that speaks the Kafka protocol, and says what it cost.")
{
    ProduceCommand.Create(),
    ConsumeCommand.Create(),
    ReportCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
