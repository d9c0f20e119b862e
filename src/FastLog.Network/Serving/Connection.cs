using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace FastLog.Network;

/// <summary>One accepted connection: who it is, and its end.</summary>
/// <remarks>
/// A connection is two loops, <see cref="ConnectionReadLoop"/> and <see cref="ConnectionSendLoop"/>, with a
/// <see cref="ResponseQueue"/> between them. It ends by <see cref="Close(string)"/>, from any thread and any number of times:
/// the socket goes, both loops find that out, and whatever was pending is dropped when it is completed.
/// </remarks>
public sealed class Connection
{
    private readonly ServingContext _context;
    private readonly Socket _socket;
    private readonly ConnectionReadLoop _reading;
    private readonly ConnectionSendLoop _sending;
    private long _drainStarted;
    private long _sweptBytes;
    private long _lastActive;
    private int _isClosed;

    internal Connection(ServingContext context, Socket socket, long id, string listenerName)
    {
        _context = context;
        _socket = socket;
        Id = id;
        ListenerName = listenerName;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        Queue = new ResponseQueue(this, context.Budget, context.Options);
        _reading = new ConnectionReadLoop(this, context, new SocketPipeReader(socket, context.Pool));
        _sending = new ConnectionSendLoop(
            this, context, new SocketSendBuffer(socket, context.Pool, context.RegionSender));
        _lastActive = context.Time.GetTimestamp();
    }

    /// <summary>A number that no other connection of the listener ever has.</summary>
    public long Id { get; }

    /// <summary>The name of the listener that accepted the connection.</summary>
    public string ListenerName { get; }

    /// <summary>The peer.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>This side.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The processor's own state of this connection.</summary>
    public object? State { get; set; }

    /// <summary>Whether the connection was closed.</summary>
    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Requests taken and not yet answered.</summary>
    public int PendingResponses => Queue.Count;

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived => _reading.BytesReceived;

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent => _sending.BytesSent;

    /// <summary>How many sends there were.</summary>
    internal long Sends => _sending.Sends;

    internal ResponseQueue Queue { get; }

    /// <summary>Closes the connection now; what is pending is dropped.</summary>
    /// <param name="reason">For the log.</param>
    public void Close(string reason) => Close(reason, LogLevel.Debug, null);

    /// <summary>The connection as log lines show it.</summary>
    public override string ToString() => $"{ListenerName} #{Id} {RemoteEndPoint}";

    internal void Close(string reason, LogLevel level, Exception? exception)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        _context.Logger.Log(level, exception, "Closed connection {Connection}: {Reason}", this, reason);
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The peer was faster.
        }

        _socket.Dispose();
        Queue.Close();
    }

    /// <summary>Serves the connection to its end.</summary>
    internal async Task RunAsync()
    {
        // Sends go through raw calls too, which rely on a socket that never blocks.
        _socket.Blocking = false;
        Task sending = _sending.RunAsync();
        try
        {
            _context.Processor.OnConnected(this);
            await _reading.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a processor throws ends this connection and no other.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Close(e.Message, ConnectionFailure.LevelOf(e), ConnectionFailure.Trace(e));
        }

        _reading.ReleaseBlocks();
        if (!Queue.IsDraining)
        {
            Close("the peer closed it");
        }

        await sending.ConfigureAwait(false);
        _context.Processor.OnDisconnected(this);
    }

    /// <summary>Takes no further request, answers what was taken, and closes then.</summary>
    internal void Drain(string reason, LogLevel level, Exception? exception)
    {
        if (Queue.IsDraining)
        {
            return;
        }

        _drainStarted = _context.Time.GetTimestamp();
        bool isDrained = Queue.BeginDrain();
        if (isDrained)
        {
            Close(reason, level, exception);
            return;
        }

        _context.Logger.Log(level, exception, "Closing connection {Connection}: {Reason}", this, reason);
        _reading.Stop();
    }

    /// <summary>Closes the connection if it was silent, or drained, for too long. Called by one timer.</summary>
    internal void Sweep()
    {
        NetworkOptions options = _context.Options;
        long bytes = BytesReceived + BytesSent;
        if (Queue.IsDraining && MsSince(_drainStarted) > options.ConnectionDrainMsMax)
        {
            Close("not drained in time");
        }
        else if (bytes != _sweptBytes)
        {
            _sweptBytes = bytes;
            _lastActive = _context.Time.GetTimestamp();
        }
        else if (MsSince(_lastActive) > options.ConnectionsIdleMsMax && (Queue.Count == 0 || Queue.IsSending))
        {
            Close("idle for too long");
        }
    }

    internal void Recycle(PendingResponse response) => _context.Recycle(response);

    private double MsSince(long timestamp) => _context.Time.GetElapsedTime(timestamp).TotalMilliseconds;
}
