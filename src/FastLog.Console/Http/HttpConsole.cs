using System.Net;
using FastLog.WebConsole.Collecting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FastLog.WebConsole.Http;

/// <summary>
/// The HTTP endpoint of one broker: Kestrel on sockets that are bound already, without a host, a configuration or a log
/// of its own. Lifecycle: <see cref="StartAsync"/>, then DisposeAsync, which cuts what is under way.
/// </summary>
public sealed class HttpConsole : IAsyncDisposable
{
    private const int ConnectionsMax = 64;

    private readonly KestrelServer _kestrel;
    private readonly MetricsCollector _collector;
    private readonly ProcessMetrics _process;

    private HttpConsole(HttpSockets sockets, object scope, ILogger logger)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = ConnectionsMax;
        options.Limits.MaxRequestBodySize = 0;
        foreach (IPEndPoint endPoint in sockets.EndPoints)
        {
            options.Listen(endPoint, listen => listen.Protocols = HttpProtocols.Http1);
        }

        var transport = new SocketTransportOptions { CreateBoundListenSocket = sockets.Find, IOQueueCount = 1 };
        _kestrel = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(transport), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
        _process = new ProcessMetrics(scope);
        _collector = new MetricsCollector(scope, logger);
    }

    /// <summary>Starts to listen to the instruments and to serve.</summary>
    /// <param name="sockets">Where; closed by this object's end.</param>
    /// <param name="scope">The scope of the broker's meters: only theirs are shown, and the runtime's.</param>
    /// <param name="logger">Hears of metrics that cannot be read.</param>
    public static async Task<HttpConsole> StartAsync(HttpSockets sockets, object scope, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(sockets);
        ArgumentNullException.ThrowIfNull(scope);
        var console = new HttpConsole(sockets, scope, logger);
        await console._kestrel
            .StartAsync(new ConsoleApplication(console._collector), CancellationToken.None)
            .ConfigureAwait(false);
        return console;
    }

    /// <summary>Ends at once: whoever scrapes now asks again later.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kestrel.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _kestrel.Dispose();
        _collector.Dispose();
        _process.Dispose();
    }
}
