using System.Net;
using FastLog.Cluster.Configs;
using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Broker.Tests.Harness;

/// <summary>A whole broker in this process, on a port of the system's choice and an empty directory.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    private readonly string _directory;
    private readonly IFileSystem _files;

    private TestBroker(BrokerServer server, string directory, IFileSystem files)
    {
        _files = files;
        Server = server;
        _directory = directory;
    }

    public BrokerServer Server { get; private set; }

    public IPEndPoint EndPoint => Server.EndPoints[0].EndPoint;

    /// <summary>The data directory; log.dirs of a test may lie below it.</summary>
    public string DirectoryPath => _directory;

    public static Task<TestBroker> StartAsync(params string[] overrides) =>
        StartAsync(new PosixFileSystem(), _ => overrides);

    /// <summary>Starts a broker on any disk, with properties that may name its directory.</summary>
    public static async Task<TestBroker> StartAsync(IFileSystem files, Func<string, string[]> overrides)
    {
        var directory = Directory.CreateTempSubdirectory("fastlog-broker-test-").FullName;
        return new TestBroker(await StartServerAsync(directory, files, overrides(directory)), directory, files);
    }

    /// <summary>A client of this broker.</summary>
    public TestClient Connect() => new(EndPoint);

    /// <summary>Stops the broker cleanly and starts another one on the same directory.</summary>
    public async Task RestartAsync(params string[] overrides)
    {
        await Server.DisposeAsync();
        Server = await StartServerAsync(_directory, _files, overrides);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<BrokerServer> StartServerAsync(
        string directory, IFileSystem files, string[] overrides)
    {
        var properties = ServerProperties.Empty.With(
            ["listeners=PLAINTEXT://127.0.0.1:0", $"log.dirs={directory}", .. overrides]);
        var (config, _) = BrokerConfig.Parse(properties, "localhost");
        return await BrokerServer.StartAsync(
            config, files, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
    }
}
