using System.Net;
using System.Net.Sockets;

namespace FastLog.WebConsole.Http;

/// <summary>
/// The listening sockets of the console. Bound before anything else of a server starts, so that an address in use is
/// known at once; who connects before the console serves waits in the backlog.
/// </summary>
public sealed class HttpSockets : IDisposable
{
    private const int Backlog = 64;

    private readonly Dictionary<IPEndPoint, Socket> _sockets = [];

    private HttpSockets()
    {
    }

    /// <summary>The addresses, with the ports that the system chose for port 0.</summary>
    public IReadOnlyCollection<IPEndPoint> EndPoints => _sockets.Keys;

    /// <summary>Binds all addresses or none.</summary>
    /// <param name="addresses">Host names or addresses with ports; an empty host is every interface.</param>
    /// <exception cref="IOException">One cannot be bound; the message says which and why.</exception>
    public static HttpSockets Bind(IEnumerable<(string Host, int Port)> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var bound = new HttpSockets();
        try
        {
            foreach ((string host, int port) in addresses)
            {
                bound.Add(host, port);
            }

            return bound;
        }
        catch
        {
            bound.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Socket socket in _sockets.Values)
        {
            socket.Dispose();
        }
    }

    /// <summary>The socket that is bound to the address.</summary>
    internal Socket Find(EndPoint endPoint) => _sockets[(IPEndPoint)endPoint];

    private void Add(string host, int port)
    {
        Socket? socket = null;
        try
        {
            IPAddress address = AddressOf(host);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            _sockets.Add((IPEndPoint)socket.LocalEndPoint!, socket);
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            throw new IOException($"cannot listen on http://{host}:{port}: {failure.Message}", failure);
        }
    }

    private static IPAddress AddressOf(string host) =>
        host.Length == 0 ? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any)
            : IPAddress.TryParse(host, out IPAddress? parsed) ? parsed
            : Dns.GetHostAddresses(host)[0];
}
