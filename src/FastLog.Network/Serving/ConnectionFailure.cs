using System.Net.Sockets;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Network;

/// <summary>How loud the end of a connection is.</summary>
internal static class ConnectionFailure
{
    /// <summary>Peers that go away are daily business; malformed requests are worth a line; the rest is our fault.
    /// </summary>
    public static LogLevel LevelOf(Exception exception) => exception switch
    {
        SocketException or ObjectDisposedException or OperationCanceledException => LogLevel.Debug,
        ProtocolException => LogLevel.Warning,
        EndOfStreamException => LogLevel.Warning,
        _ => LogLevel.Error,
    };

    /// <summary>The exception for the log when its trace says more than its message.</summary>
    public static Exception? Trace(Exception exception) => LevelOf(exception) == LogLevel.Error ? exception : null;
}
