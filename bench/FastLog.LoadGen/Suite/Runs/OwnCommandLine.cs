using System.Globalization;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>How FastLog's own generator is called for a load.</summary>
internal static class OwnCommandLine
{
    private const int TimelineMs = 100;

    public static IReadOnlyList<string> Of(LoadOrder order)
    {
        LoadShape load = order.Scenario.Load;
        if (load.IsOfGroups)
        {
            return OfGroups(order);
        }

        List<string> arguments =
        [
            Command(load.Type),
            "--bootstrap-server", order.Target.Address,
            "--topic", order.Topic,
            "--scenario", order.Scenario.Name,
            "--warmup-records", Text(order.WarmupRecordsCount),
            "--timeline-ms", Text(TimelineMs),
            "--json",
        ];
        // A catch-up ends when its backlog is read, whatever was produced meanwhile.
        arguments.AddRange(load.Type == LoadType.CatchUp
            ? ["--backlog-records", Text(order.RecordsCount), "--rate", Text(LoadShape.CatchUpRate)]
            : ["--records", Text(order.RecordsCount)]);
        if (order.Target.Pid is { } pid)
        {
            arguments.AddRange(["--broker-pid", Text(pid)]);
        }

        if (load.Type != LoadType.Consume)
        {
            arguments.AddRange(Producing(load));
        }

        return arguments;
    }

    private static List<string> OfGroups(LoadOrder order)
    {
        LoadShape load = order.Scenario.Load;
        List<string> arguments =
        [
            Command(load.Type),
            "--bootstrap-server", order.Target.Address,
            "--topic", order.Topic,
            "--scenario", order.Scenario.Name,
            "--timeline-ms", Text(TimelineMs),
            "--json",
            // Each run has groups of its own, as it has a topic.
            "--group-prefix", order.Topic,
            "--groups", Text(load.GroupsCount),
            "--connections", Text(load.ProducersCount),
            "--partitions", Text(load.PartitionsCount),
        ];
        arguments.AddRange(load.Type == LoadType.Commits
            ? ["--warmup-records", Text(order.WarmupRecordsCount), "--records", Text(order.RecordsCount)]
            : ["--members", Text(load.MembersPerGroup), "--group-protocol", load.GroupProtocol, "--duration-seconds", Text(load.RestSeconds)]);
        if (load.Rate is { } rate)
        {
            arguments.AddRange(["--rate", Text(rate)]);
        }

        if (order.Target.Pid is { } pid)
        {
            arguments.AddRange(["--broker-pid", Text(pid)]);
        }

        return arguments;
    }

    /// <summary>Puts into a topic what a consuming load is to read.</summary>
    public static IReadOnlyList<string> Filling(LoadOrder order) =>
    [
        "produce",
        "--bootstrap-server", order.Target.Address,
        "--topic", order.Topic,
        "--records", Text(order.RecordsCount),
        "--partitions", Text(order.Scenario.Load.PartitionsCount),
        "--record-size-bytes", Text(order.Scenario.Load.RecordSizeBytes),
        "--json",
    ];

    private static List<string> Producing(LoadShape load)
    {
        List<string> arguments =
        [
            "--partitions", Text(load.PartitionsCount),
            "--record-size-bytes", Text(load.RecordSizeBytes),
            "--acks", load.Acks,
            "--idempotent", load.IsIdempotent ? "true" : "false",
            "--linger-ms", Text(load.LingerMs),
            "--batch-size-bytes", Text(LoadShape.BatchedBytes),
            "--in-flight-max", Text(load.InFlightMax),
        ];
        if (load.IsRecordPerRequest)
        {
            arguments.AddRange(["--batch-records-max", "1"]);
        }

        if (load.ProducersCount > 1)
        {
            arguments.AddRange(["--producers", Text(load.ProducersCount)]);
        }

        if (load.Rate is { } rate)
        {
            arguments.AddRange(["--rate", Text(rate)]);
        }

        return arguments;
    }

    private static string Command(LoadType type) => type switch
    {
        LoadType.Produce => "produce",
        LoadType.Consume => "consume",
        LoadType.EndToEnd => "end-to-end",
        LoadType.CatchUp => "mixed",
        LoadType.Commits => "commits",
        LoadType.Groups => "groups",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
