using static FastLog.LoadGen.Suite.Scenarios.FigureKind;

namespace FastLog.LoadGen.Suite.Scenarios;

/// <summary>All scenarios, in the order they run: those that sync first, so that no pages left to the kernel by the
/// others are written back meanwhile.</summary>
internal static class ScenarioTable
{
    /// <summary>Where the figures of <see cref="Scenario.KafkaFigures"/> come from.</summary>
    public const string KafkaSource =
        "Apache Kafka 4.0.0, warmed up, measured on 2 cores shared with its load, rdkafka_performance of librdkafka 2.15 "
        + "(open loop: Kafka's own Java perf tool); fsync there is flush.messages=1";

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new()
        {
            Name = "produce-100b-fsync",
            Title = "100 B, 1 partition, acks=all, fsync",
            Load = Batched(recordsCount: 10_000_000) with { IsFsync = true },
            Goals = [new(RatioToPeer, 1.2), new(BrokerCpuSecondsPerGigabyte, 1.0), new(RecordsPerSecond, 3_000_000, IsForOwnGenerator: true)],
            KafkaFigures = "1.41-1.59 M records/s; 4.7-5.2 CPU s/GB",
        },
        new()
        {
            Name = "produce-100b-64p-fsync",
            Title = "100 B, 64 partitions, acks=all, fsync",
            Load = Batched(recordsCount: 6_000_000) with { PartitionsCount = 64, IsFsync = true },
            Goals = [new(RecordsPerSecond, 1_300_000), new(BrokerCpuSecondsPerGigabyte, 3)],
            KafkaFigures = "0.53 M records/s; 17 CPU s/GB",
        },
        new()
        {
            Name = "produce-1kb-fsync",
            Title = "1 KB, 1 partition, acks=all, fsync",
            Load = Batched(recordsCount: 1_500_000) with { RecordSizeBytes = 1000, IsFsync = true },
            Goals = [new(MegabytesPerSecond, 500), new(BrokerCpuSecondsPerGigabyte, 0.8)],
            KafkaFigures = "197 MB/s; 4.0 CPU s/GB",
        },
        new()
        {
            Name = "requests-fsync",
            Title = "one 100 B record a request, 1 connection, acks=all, fsync",
            Load = Requests(recordsCount: 300_000) with { IsFsync = true, IsForRdkafka = true },
            Goals = [new(RecordsPerSecond, 40_000), new(BrokerCpuMicrosecondsPerRecord, 15)],
            KafkaFigures = "2,136 requests/s; 264 CPU µs each",
        },
        new()
        {
            Name = "requests-64c-fsync",
            Title = "one 100 B record a request, 64 connections with 5 on their way each, acks=all, fsync",
            Load = Requests(recordsCount: 1_000_000) with { IsFsync = true, ProducersCount = 64, InFlightMax = 5 },
            Goals = [new(RecordsPerSecond, 80_000, IsForOwnGenerator: true)],
        },
        new()
        {
            Name = "requests-64c-sync-fsync",
            Title = "the same, each connection waiting for its answer before it sends the next",
            Load = Requests(recordsCount: 400_000) with { IsFsync = true, ProducersCount = 64, InFlightMax = 1 },
        },
        new()
        {
            Name = "open-loop-20k-fsync",
            Title = "20,000 records/s open loop, 100 B, acks=all, linger 0, fsync",
            Load = OpenLoop(LoadType.Produce) with { IsFsync = true },
            Goals = [new(P50Ms, 0.5), new(P99Ms, 2), new(MaxMs, 20)],
            KafkaFigures = "p50 / p99 / max 1 / 170 / 603 ms",
        },
        new()
        {
            Name = "end-to-end-20k-fsync",
            Title = "the same, from the intended send time to the consumer",
            Load = OpenLoop(LoadType.EndToEnd) with { IsFsync = true },
        },
        new()
        {
            Name = "commits-50k",
            Title = "50,000 offset commits/s open loop, 1,000 groups, 64 connections",
            Load = new LoadShape
            {
                Type = LoadType.Commits,
                IsFsync = true,
                GroupsCount = 1_000,
                ProducersCount = 64,
                RecordsCount = 1_000_000,
                WarmupRecordsCount = 200_000,
                Rate = 50_000,
            },
            // What an open loop is late at its end is missing here, so a rate that is held is a little less than asked for.
            Goals = [new(RecordsPerSecond, 49_500), new(P99Ms, 50)],
        },
        Groups("classic"),
        Groups("consumer"),
        new()
        {
            Name = "produce-100b-acks1",
            Title = "100 B, 1 partition, acks=1, no fsync",
            Load = Batched(recordsCount: 10_000_000) with { Acks = "1", IsIdempotent = false },
            Goals = [new(RatioToPeer, 1.2), new(BrokerCpuSecondsPerGigabyte, 1.0)],
            KafkaFigures = "1.47-1.75 M records/s; 5.6-7.1 CPU s/GB",
        },
        new()
        {
            Name = "produce-1kb",
            Title = "1 KB, 1 partition, acks=all, no fsync",
            Load = Batched(recordsCount: 1_500_000) with { RecordSizeBytes = 1000 },
            Goals = [new(MegabytesPerSecond, 600), new(BrokerCpuSecondsPerGigabyte, 0.6)],
            KafkaFigures = "305 MB/s; 3.1 CPU s/GB",
        },
        new()
        {
            Name = "requests",
            Title = "one 100 B record a request, 1 connection, acks=all, no fsync",
            Load = Requests(recordsCount: 300_000) with { IsForRdkafka = true },
            Goals = [new(RecordsPerSecond, 60_000), new(BrokerCpuMicrosecondsPerRecord, 12)],
            KafkaFigures = "9,661 requests/s; 120 CPU µs each",
        },
        new()
        {
            Name = "consume-100b",
            Title = "100 B, 1 partition, read from the start",
            Load = new LoadShape
            {
                Type = LoadType.Consume, RecordsCount = 10_000_000, WarmupRecordsCount = 2_000_000, IsForRdkafka = true,
            },
            Goals = [new(BrokerCpuSecondsPerGigabyte, 0.4), new(RecordsPerSecond, 6_000_000, IsForOwnGenerator: true)],
            KafkaFigures = "4.2 M records/s; 1.1 CPU s/GB",
        },
        new()
        {
            Name = "catch-up",
            Title = "old records are read while 100,000 a second are produced, both counted, fsync",
            Load = Batched(recordsCount: 3_000_000) with { Type = LoadType.CatchUp, IsFsync = true, IsForRdkafka = false },
        },
        new()
        {
            Name = "resident-memory",
            Title = "the broker's memory after all of that",
            Load = new LoadShape { Type = LoadType.Memory },
            Goals = [new(ResidentMegabytes, 250)],
            KafkaFigures = "1.2 GB",
        },
        new()
        {
            Name = "start",
            Title = "process start to first acknowledged record, empty directory, fsync",
            Load = new LoadShape { Type = LoadType.Start, IsFsync = true },
            Goals = [new(StartSeconds, 0.4)],
            KafkaFigures = "about 6 s",
        },
    ];

    private static Scenario Groups(string protocol) => new()
    {
        Name = $"groups-{protocol}",
        Title = $"1,000 {protocol} groups of 5 members, heartbeats running",
        Load = new LoadShape
        {
            Type = LoadType.Groups,
            PartitionsCount = 10,
            GroupsCount = 1_000,
            MembersPerGroup = 5,
            GroupProtocol = protocol,
            ProducersCount = 64,
            RestSeconds = 20,
        },
        Goals = [new(BrokerCpus, 0.25), new(ResidentMegabytes, 400)],
    };

    private static LoadShape Batched(long recordsCount) => new()
    {
        Type = LoadType.Produce,
        RecordsCount = recordsCount,
        WarmupRecordsCount = recordsCount / 5,
        IsForRdkafka = true,
    };

    /// <summary>As many on their way as a client without idempotence allows itself; 64 are more than one sync's time holds.</summary>
    private static LoadShape Requests(long recordsCount) => new()
    {
        Type = LoadType.Produce,
        RecordsCount = recordsCount,
        WarmupRecordsCount = recordsCount / 5,
        IsRecordPerRequest = true,
        IsIdempotent = false,
        LingerMs = 0,
        InFlightMax = 64,
    };

    private static LoadShape OpenLoop(LoadType type) => new()
    {
        Type = type,
        RecordsCount = 600_000,
        WarmupRecordsCount = 60_000,
        LingerMs = 0,
        Rate = 20_000,
    };
}
