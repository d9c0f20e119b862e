using System.CommandLine;
using FastLog.Storage;
using FastLog.StorageBench.Commands;

RootCommand root = new("Measures FastLog's storage on a disk, beside the plainest program that does the same.")
{
    AppendCommand.Create(),
    PartitionsCommand.Create(),
    IdleCommand.Create(),
    IdleCommand.CreateOpen(),
    ReadsCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception failure) when (failure is DiskException or IOException)
{
    await Console.Error.WriteLineAsync($"storage bench: {failure.Message} (errno 24: raise the limit of open files)");
    return 1;
}
