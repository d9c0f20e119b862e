using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Judging;

/// <summary>A median of FastLog over that of a peer, under the same load by the same driver in the same run.</summary>
internal sealed record Ratio(string Scenario, Driver Driver, string Peer, FigureKind Kind, double Value)
{
    /// <summary>What brokers are compared by.</summary>
    public static IReadOnlyList<FigureKind> Compared { get; } =
        [FigureKind.RecordsPerSecond, FigureKind.BrokerCpuSecondsPerGigabyte, FigureKind.P99Ms];

    public static IEnumerable<Ratio> OfAll(ScenarioResult result, FigureKind kind) =>
        from peer in result.Cases
        where peer.IsPeer
        let own = result.Own(peer.Driver)
        where own is not null
        let value = own.Median(kind) / peer.Median(kind)
        where value is not null && double.IsFinite(value.Value)
        select new Ratio(result.Scenario.Name, peer.Driver, peer.Target, kind, value.Value);
}
