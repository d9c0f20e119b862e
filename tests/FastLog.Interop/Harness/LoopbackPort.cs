using System.Net;
using System.Net.Sockets;

namespace FastLog.Interop.Harness;

/// <summary>Finds ports to listen on.</summary>
internal static class LoopbackPort
{
    // Below the range that Linux takes for outgoing connections: a broker that is started again on its port
    // must not find that a client of another test has been given it meanwhile.
    private const int First = 20_000;
    private const int Last = 32_000;

    /// <summary>A port of 127.0.0.1 that nobody listens on now.</summary>
    public static int Free()
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            int port = Random.Shared.Next(First, Last);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another one.
            }
        }

        throw new InvalidOperationException($"No free port between {First} and {Last}.");
    }
}
