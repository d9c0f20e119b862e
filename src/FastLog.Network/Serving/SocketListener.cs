using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Network;

/// <summary>
/// Accepts connections on one or more addresses and serves them with one <see cref="IRequestProcessor"/>.
/// </summary>
/// <remarks>All addresses share the bounds of <see cref="NetworkOptions"/>. A listener is started and stopped once.
/// </remarks>
public sealed class SocketListener : IAsyncDisposable
{
    private static readonly TimeSpan SweepPeriodMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly ServingContext _context;
    private readonly ConcurrentDictionary<long, (Connection Connection, Task Serving)> _connections = new();
    private readonly List<(string Name, Socket Socket, Task Accepting)> _listening = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _sweeper;
    private long _lastId;
    private int _open;

    /// <summary>Makes a listener; nothing is bound before <see cref="Start(string, string, int)"/>.</summary>
    /// <param name="options">Bounds and settings.</param>
    /// <param name="processor">Takes the requests of all connections.</param>
    /// <param name="pool">Where received and sent bytes live; stays the caller's.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="logger">One line per connection that ends for a reason.</param>
    public SocketListener(
        NetworkOptions options,
        IRequestProcessor processor,
        PinnedBlockPool pool,
        TimeProvider? time = null,
        ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(processor);
        ArgumentNullException.ThrowIfNull(pool);
        options.Check();
        _context = new ServingContext(
            options, processor, pool, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
        TimeSpan period = TimeSpan.FromMilliseconds(Math.Max(1, options.ConnectionsIdleMsMax / 4));
        period = period < SweepPeriodMax ? period : SweepPeriodMax;
        _sweeper = _context.Time.CreateTimer(_ => Sweep(), null, period, period);
    }

    /// <summary>How many connections there may be; asked whenever one comes. Null for the options' number.</summary>
    public Func<int>? FindConnectionsMax { get; set; }

    /// <summary>The address of the first listener, with the port that the system chose for port 0.</summary>
    public IPEndPoint LocalEndPoint => (IPEndPoint)_listening[0].Socket.LocalEndPoint!;

    /// <summary>How many connections are open.</summary>
    public int ConnectionsOpen => Volatile.Read(ref _open);

    /// <summary>The connections that are open.</summary>
    public IEnumerable<Connection> Connections => _connections.Values.Select(entry => entry.Connection);

    /// <summary>The bytes of requests in flight over all connections.</summary>
    public long QueuedBytes => _context.Budget.Bytes;

    /// <summary>What was done so far.</summary>
    public NetworkCounters Counters => _context.Counters;

    /// <summary>Where the times of requests and sends are noted; null, and no clock read, while nobody asks.</summary>
    public NetworkMetrics? Metrics
    {
        get => _context.Metrics;
        set => _context.Metrics = value;
    }

    /// <summary>Binds and accepts. May be called several times for several names.</summary>
    /// <param name="listenerName">What <see cref="Connection.ListenerName"/> will say.</param>
    /// <param name="host">An address or a name; empty for all addresses.</param>
    /// <param name="port">The port; 0 lets the system choose.</param>
    /// <returns>The address that was bound.</returns>
    public IPEndPoint Start(string listenerName, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(host);
        IPAddress address = host.Length == 0
            ? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any)
            : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed : Dns.GetHostAddresses(host)[0];
        return Start(listenerName, new IPEndPoint(address, port));
    }

    /// <summary>Binds and accepts. May be called several times for several names.</summary>
    public IPEndPoint Start(string listenerName, IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(listenerName);
        ArgumentNullException.ThrowIfNull(endPoint);
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            SetBufferSizes(socket);
            socket.Bind(endPoint);
            socket.Listen(_context.Options.SocketListenBacklog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _listening.Add((listenerName, socket, AcceptAsync(listenerName, socket)));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    /// <summary>
    /// Accepts no further connection, takes no further request, answers what was taken, and closes everything.
    /// </summary>
    /// <param name="drainTimeout">How long to wait for pending responses before they are dropped.</param>
    public async Task StopAsync(TimeSpan drainTimeout)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        foreach ((_, Socket socket, Task accepting) in _listening)
        {
            socket.Dispose();
            await accepting.ConfigureAwait(false);
        }

        foreach (Connection connection in Connections)
        {
            connection.Drain("the broker stops", LogLevel.Debug, null);
        }

        Task served = Task.WhenAll(_connections.Values.Select(entry => entry.Serving));
        try
        {
            await served.WaitAsync(drainTimeout, _context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            foreach (Connection connection in Connections)
            {
                connection.Close("the broker stops, not drained in time", LogLevel.Warning, null);
            }
        }

        await served.ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops without waiting for pending responses.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        await _sweeper.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task AcceptAsync(string listenerName, Socket listening)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listening.AcceptAsync(_stop.Token).ConfigureAwait(false);
                Admit(listenerName, socket);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of file descriptors, or a peer that went away while it waited: neither ends the listener.
                _context.Logger.LogWarning("Accepting on {Listener} failed: {Reason}", listenerName, e.Message);
                await Task.Delay(AcceptPause, _context.Time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Admit(string listenerName, Socket socket)
    {
        var connectionsMax = FindConnectionsMax?.Invoke() ?? _context.Options.ConnectionsMax;
        if (Interlocked.Increment(ref _open) > connectionsMax)
        {
            Interlocked.Decrement(ref _open);
            _context.Counters.CountRefused();
            _context.Logger.LogWarning(
                "Refused {Peer} on {Listener}: {ConnectionsMax} connections are open",
                socket.RemoteEndPoint,
                listenerName,
                connectionsMax);
            socket.Dispose();
            return;
        }

        Connection connection;
        try
        {
            socket.NoDelay = true;
            connection = new Connection(_context, socket, Interlocked.Increment(ref _lastId), listenerName);
        }
        catch (SocketException e)
        {
            Interlocked.Decrement(ref _open);
            _context.Logger.LogDebug("A peer of {Listener} went away at once: {Reason}", listenerName, e.Message);
            socket.Dispose();
            return;
        }

        _context.Counters.CountAccepted();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection.Id] = (connection, ServeAsync(connection, started.Task));
        started.SetResult();
    }

    private async Task ServeAsync(Connection connection, Task started)
    {
        await started.ConfigureAwait(false);
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A failure in the processor's own ending must not take the listener along.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _context.Logger.LogError(e, "Ending connection {Connection} failed", connection);
        }

        _connections.TryRemove(connection.Id, out _);
        Interlocked.Decrement(ref _open);
        _context.Counters.CountClosed();
    }

    private void Sweep()
    {
        foreach ((_, (Connection connection, _)) in _connections)
        {
            connection.Sweep();
        }
    }

    private void SetBufferSizes(Socket socket)
    {
        // Accepted sockets inherit both; the window scale is agreed on before accept returns.
        if (_context.Options.SocketReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = _context.Options.SocketReceiveBufferBytes;
        }

        if (_context.Options.SocketSendBufferBytes > 0)
        {
            socket.SendBufferSize = _context.Options.SocketSendBufferBytes;
        }
    }
}
