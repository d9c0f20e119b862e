using System.Net;
using FastLog.Network;

namespace FastLog.Load.Sink;

/// <summary>A listener that acknowledges every produce request and keeps nothing: what a generator can do against it is the
/// generator's own ceiling.</summary>
public sealed class SinkServer : IAsyncDisposable
{
    private readonly PinnedBlockPool _pool = new();
    private readonly SocketListener _listener;

    /// <summary>Listens on the loopback address.</summary>
    /// <param name="port">0 lets the system choose.</param>
    /// <param name="partitionsCount">How many partitions every topic has.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The port is taken.</exception>
    public SinkServer(int port, int partitionsCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(partitionsCount);
        SinkProcessor processor = new(partitionsCount, Gate);
        _listener = new SocketListener(new NetworkOptions(), processor, _pool);
        EndPoint = _listener.Start("SINK", new IPEndPoint(IPAddress.Loopback, port));
        processor.EndPoint = EndPoint;
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Holds acknowledgements back while it is closed.</summary>
    public SinkGate Gate { get; } = new();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        _pool.Dispose();
    }
}
