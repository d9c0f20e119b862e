namespace FastLog.Network;

/// <summary>How a file region gets onto a socket.</summary>
public enum FileRegionSending
{
    /// <summary>The way that measured best: see <see cref="FileRegionSenders"/>.</summary>
    Default,

    /// <summary>Read into a pooled block and send that.</summary>
    Pread,

    /// <summary>Let the kernel send the file's pages.</summary>
    Sendfile,
}

/// <summary>Bounds and settings of the serving side. Sizes are in bytes, times in milliseconds.</summary>
public sealed record NetworkOptions
{
    /// <summary>The largest request that is read (socket.request.max.bytes).</summary>
    public int SocketRequestBytesMax { get; init; } = 100 * 1024 * 1024;

    /// <summary>
    /// The bytes of requests taken and not yet answered, over all connections, at which reading pauses
    /// (queued.max.request.bytes); -1 for no bound. One request is admitted even when it is larger than the bound.
    /// </summary>
    public long QueuedBytesMax { get; init; } = 1024L * 1024 * 1024;

    /// <summary>The same bound for one connection; responses that wait to be sent count too.</summary>
    public long ConnectionQueuedBytesMax { get; init; } = 128L * 1024 * 1024;

    /// <summary>How many requests of one connection may wait for their response.</summary>
    public int ConnectionPendingResponsesMax { get; init; } = 4096;

    /// <summary>How many connections are served at once (max.connections); one more is closed when accepted.</summary>
    public int ConnectionsMax { get; init; } = int.MaxValue;

    /// <summary>A connection without a byte in or out for so long is closed (connections.max.idle.ms).</summary>
    public long ConnectionsIdleMsMax { get; init; } = 600_000;

    /// <summary>How long a connection that must be closed still answers what it had taken.</summary>
    public long ConnectionDrainMsMax { get; init; } = 30_000;

    /// <summary>SO_SNDBUF (socket.send.buffer.bytes); -1 leaves it to the system, which then adapts it.</summary>
    public int SocketSendBufferBytes { get; init; } = -1;

    /// <summary>SO_RCVBUF (socket.receive.buffer.bytes); -1 leaves it to the system, which then adapts it.</summary>
    public int SocketReceiveBufferBytes { get; init; } = -1;

    /// <summary>How many connections may wait to be accepted (socket.listen.backlog.size).</summary>
    public int SocketListenBacklog { get; init; } = 512;

    /// <summary>How file regions are sent.</summary>
    public FileRegionSending FileRegionSending { get; init; }

    /// <summary>Throws <see cref="ArgumentOutOfRangeException"/> for values that nothing could work with.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(SocketRequestBytesMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SocketRequestBytesMax, int.MaxValue - 64);
        ArgumentOutOfRangeException.ThrowIfZero(QueuedBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectionQueuedBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectionPendingResponsesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(ConnectionsMax);
    }
}
