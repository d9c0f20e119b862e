using System.Globalization;
using FastLog.Broker;
using FastLog.Cluster.Configs;
using FastLog.Load.Loads;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Load.Tests.Groups;

/// <summary>A broker in this process, on a port of the system's choice and an empty directory, for loads that a sink cannot
/// bear.</summary>
internal sealed class LoadedBroker : IAsyncDisposable
{
    private readonly BrokerServer _server;
    private readonly string _directory;

    private LoadedBroker(BrokerServer server, string directory)
    {
        _server = server;
        _directory = directory;
    }

    public static async Task<LoadedBroker> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("fastlog-load-test-").FullName;
        ServerProperties properties = ServerProperties.Empty.With(
        [
            "listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={directory}", "offsets.topic.num.partitions=4",
            "group.initial.rebalance.delay.ms=500", "group.consumer.heartbeat.interval.ms=100",
            "group.consumer.min.heartbeat.interval.ms=100",
        ]);
        (BrokerConfig config, _) = BrokerConfig.Parse(properties, "localhost");
        return new LoadedBroker(
            await BrokerServer.StartAsync(config, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None),
            directory);
    }

    public LoadTarget Target(int partitionsCount) => new()
    {
        BootstrapServers = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_server.EndPoints[0].EndPoint.Port}"),
        Topic = "loaded",
        PartitionsCount = partitionsCount,
        BrokerPid = Environment.ProcessId,
        TimelineIntervalMs = 20,
    };

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
