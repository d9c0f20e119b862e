using System.Globalization;
using FastLog.Client;
using FastLog.Records;
using FastLog.Server.Commands.Output;

namespace FastLog.Server.Commands;

/// <summary>Prints a cluster: tables for people, JSON for programs.</summary>
internal static class ClusterOutput
{
    public static void Write(
        ClusterDescription cluster,
        IReadOnlyList<BrokerDescription> brokers,
        FeaturesDescription features,
        QuorumDescription quorum,
        bool isJson,
        TextWriter? writer = null) => CommandOutput.Write(
            new ClusterDocument(
                cluster.ClusterId,
                cluster.ControllerId,
                [
                    .. brokers.Select(broker => new BrokerDocument(
                        broker.NodeId, broker.Endpoint.Host, broker.Endpoint.Port, broker.Rack, broker.IsFenced)),
                ],
                features.FinalizedEpoch,
                [
                    .. features.Features.Select(feature => new FeatureDocument(
                        feature.Name, feature.MinSupportedLevel, feature.MaxSupportedLevel, feature.FinalizedLevel)),
                ],
                new QuorumDocument(
                    quorum.LeaderId,
                    quorum.LeaderEpoch,
                    quorum.HighWatermark,
                    quorum.Voters.FirstOrDefault(voter => voter.NodeId == quorum.LeaderId)?.LogEndOffset ?? -1,
                    [.. quorum.Voters.Select(ToDocument)],
                    [.. quorum.Observers.Select(ToDocument)])),
            isJson,
            WriteForPeople,
            writer);

    private static ReplicaDocument ToDocument(QuorumReplica replica) => new(
        replica.NodeId,
        replica.DirectoryId == Guid.Empty ? null : UuidText.Format(replica.DirectoryId),
        replica.LogEndOffset,
        replica.LastFetchMs,
        replica.LastCaughtUpMs);

    private static void WriteForPeople(ClusterDocument cluster, TextWriter writer)
    {
        writer.WriteLine($"Cluster {cluster.ClusterId ?? "of an unknown id"}   controller {cluster.ControllerId}");
        writer.WriteLine();
        var brokers = new TextTable().Number("BROKER").Text("ENDPOINT").Text("RACK").Text("STATE");
        foreach (var broker in cluster.Brokers)
        {
            brokers.Row(broker.Id, $"{broker.Host}:{broker.Port}", broker.Rack, broker.Fenced ? "fenced" : "running");
        }

        brokers.WriteTo(writer);
        writer.WriteLine();
        var features = new TextTable().Text("FEATURE").Text("SUPPORTED").Number("FINALIZED");
        foreach (var feature in cluster.Features)
        {
            var range = feature.MinSupported is null ? null : $"{feature.MinSupported}-{feature.MaxSupported}";
            features.Row(feature.Name, range, feature.Finalized);
        }

        features.WriteTo(writer);
        writer.WriteLine();
        WriteForPeople(cluster.Quorum, writer);
    }

    private static void WriteForPeople(QuorumDocument quorum, TextWriter writer)
    {
        writer.WriteLine($"Metadata quorum   leader {quorum.LeaderId}   epoch {quorum.LeaderEpoch}"
            + $"   high watermark {quorum.HighWatermark}   log end {quorum.LogEndOffset}");
        var replicas = new TextTable()
            .Number("NODE").Text("ROLE").Number("LOG END").Number("LAG").Text("LAST CAUGHT UP").Text("DIRECTORY");
        var ofRoles = quorum.Voters.Select(replica => (replica, replica.Id == quorum.LeaderId ? "leader" : "voter"))
            .Concat(quorum.Observers.Select(replica => (replica, "observer")));
        foreach (var (replica, role) in ofRoles)
        {
            replicas.Row(
                replica.Id,
                role,
                replica.LogEndOffset,
                replica.LogEndOffset < 0 ? null : Math.Max(quorum.LogEndOffset - replica.LogEndOffset, 0),
                TimeOf(replica.LastCaughtUpTimestamp),
                replica.DirectoryId);
        }

        replicas.WriteTo(writer);
    }

    private static string? TimeOf(long ms) => ms < 0
        ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed record ClusterDocument(
        string? ClusterId,
        int ControllerId,
        IReadOnlyList<BrokerDocument> Brokers,
        long FeaturesEpoch,
        IReadOnlyList<FeatureDocument> Features,
        QuorumDocument Quorum);

    private sealed record BrokerDocument(int Id, string Host, int Port, string? Rack, bool Fenced);

    private sealed record FeatureDocument(string Name, short? MinSupported, short? MaxSupported, short Finalized);

    private sealed record QuorumDocument(
        int LeaderId,
        int LeaderEpoch,
        long HighWatermark,
        long LogEndOffset,
        IReadOnlyList<ReplicaDocument> Voters,
        IReadOnlyList<ReplicaDocument> Observers);

    private sealed record ReplicaDocument(
        int Id, string? DirectoryId, long LogEndOffset, long LastFetchTimestamp, long LastCaughtUpTimestamp);
}
