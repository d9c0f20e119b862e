using System.Diagnostics.Metrics;
using System.Reflection;
using FastLog.Broker.Groups;
using FastLog.Broker.Handlers;
using FastLog.Broker.Requests;
using FastLog.Broker.Telemetry;
using FastLog.Cluster;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Raft;
using FastLog.Storage;

namespace FastLog.Broker;

/// <summary>
/// The meters of one broker, one per room and named after it, and the instruments of this room. Every meter's
/// <see cref="Meter.Scope"/> is this object, so that a listener can tell the brokers of one process apart.
/// </summary>
public sealed class BrokerMetrics : IDisposable
{
    /// <summary>The name of this room's meter.</summary>
    public const string MeterName = "FastLog.Broker";

    private readonly List<Meter> _meters = [];

    internal BrokerMetrics(
        ClusterNode node, GroupService groups, SocketListener sockets, TimeProvider time, RequestCounts counts)
    {
        sockets.Metrics = new NetworkMetrics(Add(NetworkMetrics.MeterName), sockets, time);
        StorageMetrics.Attach(Add(StorageMetrics.MeterName), node.LogDirectories, node.Cleaner);
        RaftMetrics.Attach(Add(RaftMetrics.MeterName), node.Metadata);
        ClusterMetrics.Attach(Add(ClusterMetrics.MeterName), node);
        GroupMetrics.Attach(Add(GroupMetrics.MeterName), groups, node.Replicas);
        Attach(Add(MeterName), node, time, counts);
    }

    /// <summary>Ends all instruments: listeners are told, and nothing of the broker is read any more.</summary>
    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    private static void Attach(Meter meter, ClusterNode node, TimeProvider time, RequestCounts counts)
    {
        meter.CreateObservableCounter(
            "fastlog.request.errors",
            () => counts.Errors.All().Select(met => new Measurement<long>(
                met.Count, new("api", met.Api.ToString()), new KeyValuePair<string, object?>("error", met.Error.Name()))),
            null,
            "Errors that requests were answered with, by API and Kafka's name of the error; one per partition or resource.");
        meter.CreateObservableGauge(
            "fastlog.request.delayed",
            () => new Measurement<long>[]
            {
                new(counts.Produce.UnderWayCount, new KeyValuePair<string, object?>("api", "Produce")),
                new(counts.Fetch.UnderWayCount, new KeyValuePair<string, object?>("api", "Fetch")),
            },
            null,
            "Produces that wait for the disk and fetches that wait for records.");
        meter.CreateObservableGauge(
            "fastlog.fetch.sessions", () => counts.Fetch.Sessions.Count, null, "Incremental fetch sessions.");
        meter.CreateObservableGauge(
            "fastlog.telemetry.clients", () => counts.Telemetry.ClientsCount, null,
            "Clients that asked of late which metrics they are to push.");
        meter.CreateObservableCounter(
            "fastlog.telemetry.pushes", () => counts.Telemetry.PushesCount, null, "Pushes of clients' metrics taken.");
        meter.CreateObservableCounter(
            "fastlog.telemetry.received", () => counts.Telemetry.ReceivedBytes, "By", "Bytes of clients' metrics, as they came.");
        var started = time.GetTimestamp();
        meter.CreateObservableGauge(
            "fastlog.uptime", () => time.GetElapsedTime(started).TotalSeconds, "s", "Time since the broker is ready.");
        var version = typeof(BrokerMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        Measurement<int> build = new(
            1,
            new("version", version?.InformationalVersion ?? "unknown"),
            new("runtime", Environment.Version.ToString()),
            new("cluster", node.ClusterId),
            new KeyValuePair<string, object?>("node", node.NodeId));
        meter.CreateObservableGauge("fastlog.build.info", () => build, null, "What runs here; always 1.");
    }

    private Meter Add(string name)
    {
        var meter = new Meter(new MeterOptions(name) { Scope = this });
        _meters.Add(meter);
        return meter;
    }
}

/// <summary>Who counts what is done with requests.</summary>
/// <param name="Errors">What they are answered with.</param>
/// <param name="Produce">Those that append.</param>
/// <param name="Fetch">Those that read.</param>
/// <param name="Telemetry">Those that bring clients' metrics.</param>
internal sealed record RequestCounts(
    RequestErrors Errors, ProduceHandler Produce, FetchHandler Fetch, TelemetryDesk Telemetry);
