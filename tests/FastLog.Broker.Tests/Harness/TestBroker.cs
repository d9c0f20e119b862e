using System.Net;
using FastLog.Cluster.Configs;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Broker.Tests.Harness;

/// <summary>A whole broker in this process, on a port of the system's choice and an empty directory.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly string _directory;

    private TestBroker(BrokerServer server, string directory)
    {
        Server = server;
        _directory = directory;
    }

    public BrokerServer Server { get; private set; }

    public IPEndPoint EndPoint => Server.EndPoints[0].EndPoint;

    public static async Task<TestBroker> StartAsync(params string[] overrides)
    {
        var directory = Directory.CreateTempSubdirectory("fastlog-broker-test-").FullName;
        return new TestBroker(await StartServerAsync(directory, overrides), directory);
    }

    /// <summary>A client of this broker.</summary>
    public TestClient Connect() => new(EndPoint);

    /// <summary>Stops the broker cleanly and starts another one on the same directory.</summary>
    public async Task RestartAsync(params string[] overrides)
    {
        await Server.DisposeAsync();
        Server = await StartServerAsync(_directory, overrides);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<BrokerServer> StartServerAsync(string directory, string[] overrides)
    {
        var properties = ServerProperties.Empty.With(
            ["listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={directory}", .. overrides]);
        var (config, _) = BrokerConfig.Parse(properties, "localhost");
        return await BrokerServer.StartAsync(
            config, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
    }
}
