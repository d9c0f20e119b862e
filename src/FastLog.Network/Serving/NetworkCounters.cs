namespace FastLog.Network;

/// <summary>What the serving side has done so far; read by metrics at any time.</summary>
public sealed class NetworkCounters
{
    private long _connectionsAccepted;
    private long _connectionsRefused;
    private long _connectionsClosed;
    private long _requests;
    private long _bytesIn;
    private long _bytesOut;

    /// <summary>Connections served so far.</summary>
    public long ConnectionsAccepted => Interlocked.Read(ref _connectionsAccepted);

    /// <summary>Connections closed at once since there were too many.</summary>
    public long ConnectionsRefused => Interlocked.Read(ref _connectionsRefused);

    /// <summary>Connections that were served to their end.</summary>
    public long ConnectionsClosed => Interlocked.Read(ref _connectionsClosed);

    /// <summary>Requests handed to the processor.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>Bytes received.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Bytes sent.</summary>
    public long BytesOut => Interlocked.Read(ref _bytesOut);

    internal void CountAccepted() => Interlocked.Increment(ref _connectionsAccepted);

    internal void CountRefused() => Interlocked.Increment(ref _connectionsRefused);

    internal void CountClosed() => Interlocked.Increment(ref _connectionsClosed);

    internal void CountPass(int requests, long bytesIn)
    {
        Interlocked.Add(ref _requests, requests);
        Interlocked.Add(ref _bytesIn, bytesIn);
    }

    internal void CountOut(long bytes) => Interlocked.Add(ref _bytesOut, bytes);
}
