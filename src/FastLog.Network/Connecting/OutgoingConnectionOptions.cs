namespace FastLog.Network;

/// <summary>Bounds and settings of a connecting side. Sizes are in bytes, times in milliseconds.</summary>
public sealed record OutgoingConnectionOptions
{
    /// <summary>Requests sent and not yet answered, at most; further ones wait in order.</summary>
    public int RequestsInFlightMax { get; init; } = 1024;

    /// <summary>Requests that wait to be sent, at most; one more fails at once.</summary>
    public int RequestsQueuedMax { get; init; } = 64 * 1024;

    /// <summary>The largest response that is read.</summary>
    public int ResponseBytesMax { get; init; } = 512 * 1024 * 1024;

    /// <summary>How long to wait for the connection (socket.connection.setup.timeout.ms).</summary>
    public long ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>
    /// How long a response may take before the connection is given up (request.timeout.ms); 0 for no limit. Checked
    /// four times in that span.
    /// </summary>
    public long RequestTimeoutMs { get; init; } = 30_000;

    /// <summary>SO_SNDBUF; -1 leaves it to the system.</summary>
    public int SocketSendBufferBytes { get; init; } = -1;

    /// <summary>SO_RCVBUF; -1 leaves it to the system.</summary>
    public int SocketReceiveBufferBytes { get; init; } = -1;

    /// <summary>
    /// True: who awaits a response goes on inside of the connection's read loop, which saves a hop between threads but
    /// holds up all further responses meanwhile; only for code that does not block.
    /// </summary>
    public bool ContinuesOnReadLoop { get; init; }
}
