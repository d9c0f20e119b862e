using FastLog.Broker;
using FastLog.Cluster.Configs;
using FastLog.WebConsole.Http;
using Microsoft.Extensions.Logging;

namespace FastLog.Server.Hosting;

/// <summary>
/// The HTTP endpoint beside a broker. Its addresses are bound before the broker starts, so that a mistake is told at
/// once; it serves a moment after the broker is ready, since the first requests of clients come first.
/// </summary>
internal sealed class BackgroundConsole : IAsyncDisposable
{
    private static readonly TimeSpan StartDelay = TimeSpan.FromSeconds(1);

    private readonly HttpSockets? _sockets;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Task<HttpConsole?>? _starting;
    private bool _isDisposed;

    private BackgroundConsole(HttpSockets? sockets, ILogger log)
    {
        _sockets = sockets;
        _log = log;
    }

    /// <summary>Takes the addresses of http.listeners.</summary>
    /// <exception cref="IOException">One that was given cannot be bound. The default one is only warned of: several
    /// brokers may run on a machine.</exception>
    public static BackgroundConsole Bind(BrokerConfig config, ILogger log)
    {
        if (config.HttpListeners.Count == 0)
        {
            return new BackgroundConsole(null, log);
        }

        try
        {
            return new BackgroundConsole(
                HttpSockets.Bind(config.HttpListeners.Select(listener => (listener.Host, listener.Port))), log);
        }
        catch (IOException failure) when (config.AreHttpListenersGiven)
        {
            throw new IOException($"http.listeners: {failure.Message}", failure);
        }
        catch (IOException failure)
        {
            log.LogWarning("No metrics over HTTP: {Reason}; http.listeners names another address", failure.Message);
            return new BackgroundConsole(null, log);
        }
    }

    /// <summary>Begins to serve what there is to know of the broker, in the background.</summary>
    public void Start(BrokerServer server)
    {
        if (_sockets is null)
        {
            return;
        }

        foreach (var endPoint in _sockets.EndPoints)
        {
            _log.LogInformation("Metrics on http://{EndPoint}/metrics", endPoint);
        }

        _starting = StartLaterAsync(_sockets, server);
    }

    /// <summary>Ends it at once. To be called before the broker ends; a second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_starting is not null && await _starting.ConfigureAwait(false) is { } console)
        {
            await console.DisposeAsync().ConfigureAwait(false);
        }

        _sockets?.Dispose();
        _stop.Dispose();
    }

    private async Task<HttpConsole?> StartLaterAsync(HttpSockets sockets, BrokerServer server)
    {
#pragma warning disable CA1031 // Whatever is wrong with the console, the broker serves on.
        try
        {
            await Task.Delay(StartDelay, _stop.Token).ConfigureAwait(false);
            return await HttpConsole.StartAsync(sockets, server.AttachMetrics(), _log).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception failure)
        {
            _log.LogError(failure, "No metrics over HTTP");
            return null;
        }
#pragma warning restore CA1031
    }
}
