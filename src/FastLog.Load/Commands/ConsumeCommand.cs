using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>consume</c>: a topic is read from its start.</summary>
public static class ConsumeCommand
{
    public static Command Create()
    {
        LoadOptions load = new();
        Option<int> fetchMaxBytes = LoadOptions.Positive("--fetch-max-bytes", "The most that one fetch brings.", 50 * 1024 * 1024);
        Option<int> partitionFetchMaxBytes = LoadOptions.Positive(
            "--max-partition-fetch-bytes", "The most that one fetch brings of one partition.", 1024 * 1024);
        Option<int> idleMsMax = LoadOptions.Positive(
            "--idle-ms-max", "Fail when nothing has come for so long.", 10_000);

        Command command = new("consume", "Read a topic from its start.");
        load.AddTo(command);
        Option[] own = [fetchMaxBytes, partitionFetchMaxBytes, idleMsMax];
        Array.ForEach(own, command.Options.Add);
        command.SetAction((parsed, cancellationToken) => LoadRunner.RunAsync(load, parsed, () => new ConsumeLoad(new ConsumeSettings
        {
            BootstrapServers = parsed.GetValue(load.BootstrapServer)!,
            Topic = parsed.GetValue(load.Topic)!,
            RecordsCount = parsed.GetValue(load.Records),
            WarmupRecordsCount = parsed.GetValue(load.WarmupRecords),
            FetchMaxBytes = parsed.GetValue(fetchMaxBytes),
            PartitionFetchMaxBytes = parsed.GetValue(partitionFetchMaxBytes),
            IdleMsMax = parsed.GetValue(idleMsMax),
            BrokerPid = parsed.GetValue(load.BrokerPid),
        }).RunAsync(cancellationToken)));
        return command;
    }
}
