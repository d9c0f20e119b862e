using System.CommandLine;
using FastLog.Client;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary><c>produce</c>: a topic is filled as fast as the broker acknowledges.</summary>
public static class ProduceCommand
{
    public static Command Create()
    {
        LoadOptions load = new();
        Option<int> partitions = LoadOptions.Positive("--partitions", "Created with so many when the topic is not there.", 1);
        Option<int> recordSize = LoadOptions.Positive("--record-size-bytes", "The size of every record's value.", 100);
        Option<Acks> acks = AcksOption();
        Option<bool> idempotent = new("--idempotent")
        {
            Description = "Whether records are numbered so that none is stored twice; needs acks=all.",
            DefaultValueFactory = _ => true,
        };
        Option<int> linger = new("--linger-ms")
        {
            Description = "How long a record waits for company.",
            DefaultValueFactory = _ => 5,
        };
        Option<int> batchSize = LoadOptions.Positive("--batch-size-bytes", "The size at which a batch goes out at once.", 128 * 1024);
        Option<long> bufferMemory = LoadOptions.Positive(
            "--buffer-memory-bytes", "What may wait or be on its way in the client.", 32L * 1024 * 1024);
        Option<int> inFlight = LoadOptions.Positive("--in-flight-max", "Requests on their way at once.", 5);
        Option<Spread> spread = new("--spread")
        {
            Description = "RoundRobin: record by record over the partitions; Sticky: batch by batch.",
            DefaultValueFactory = _ => Spread.RoundRobin,
        };
        Option<int> seed = new("--seed") { Description = "For the values.", DefaultValueFactory = _ => 1 };

        Command command = new("produce", "Fill a topic and wait for every acknowledgement.");
        load.AddTo(command);
        Option[] own = [partitions, recordSize, acks, idempotent, linger, batchSize, bufferMemory, inFlight, spread, seed];
        Array.ForEach(own, command.Options.Add);
        command.SetAction((parsed, cancellationToken) => LoadRunner.RunAsync(load, parsed, () => new ProduceLoad(new ProduceSettings
        {
            BootstrapServers = parsed.GetValue(load.BootstrapServer)!,
            Topic = parsed.GetValue(load.Topic)!,
            PartitionsCount = parsed.GetValue(partitions),
            RecordSizeBytes = parsed.GetValue(recordSize),
            RecordsCount = parsed.GetValue(load.Records),
            WarmupRecordsCount = parsed.GetValue(load.WarmupRecords),
            Acks = parsed.GetValue(acks),
            IsIdempotent = parsed.GetValue(idempotent),
            LingerMs = parsed.GetValue(linger),
            BatchSizeBytes = parsed.GetValue(batchSize),
            BufferMemoryBytes = parsed.GetValue(bufferMemory),
            RequestsInFlightMax = parsed.GetValue(inFlight),
            Spread = parsed.GetValue(spread),
            Seed = parsed.GetValue(seed),
            BrokerPid = parsed.GetValue(load.BrokerPid),
        }).RunAsync(cancellationToken)));
        return command;
    }

    private static Option<Acks> AcksOption() => new("--acks")
    {
        Description = "Whose writes to wait for: all, 1 or 0.",
        HelpName = "all|1|0",
        DefaultValueFactory = _ => Acks.All,
        CustomParser = result =>
        {
            switch (result.Tokens[0].Value)
            {
                case "all" or "-1":
                    return Acks.All;
                case "1":
                    return Acks.Leader;
                case "0":
                    return Acks.None;
                default:
                    result.AddError("--acks must be all, 1 or 0.");
                    return default;
            }
        },
    };
}
