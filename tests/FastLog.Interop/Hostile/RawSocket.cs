using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Hostile;

/// <summary>A connection that sends any bytes at all.</summary>
internal sealed class RawSocket : IDisposable
{
    private static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(20);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawSocket(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Connects to 127.0.0.1.</summary>
    public static async Task<RawSocket> OpenAsync(int port)
    {
        // Closing drops what is under way, so that thousands of connections leave no port behind them in TIME_WAIT.
        var client = new TcpClient { NoDelay = true, LingerState = new LingerOption(enable: true, seconds: 0) };
        await client.ConnectAsync(IPAddress.Loopback, port);
        return new RawSocket(client);
    }

    /// <summary>A frame of a request without compact encodings: size, header version 1, body.</summary>
    public static byte[] Frame(short apiKey, short version, ReadOnlySpan<byte> body, int correlationId = 1)
    {
        byte[] payload = new WireWriter().Int16(apiKey).Int16(version).Int32(correlationId).String("hostile").Raw(body).ToArray();
        return new WireWriter().Bytes(payload).ToArray();
    }

    /// <summary>
    /// Sends bytes on a connection of their own. Returns the answer's payload, or null when the server closed instead;
    /// fails when it does neither.
    /// </summary>
    public static async Task<byte[]?> ExchangeAsync(int port, ReadOnlyMemory<byte> bytes)
    {
        using RawSocket socket = await OpenAsync(port);
        await socket.SendAsync(bytes);
        return await socket.ReceiveAsync();
    }

    /// <summary>Sends bytes; a server that has closed already is no failure.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _client.Client.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Closed by the server; what is received says so.
        }
    }

    /// <summary>Tells the server that nothing more will come.</summary>
    public void EndSending()
    {
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed by the server already.
        }
    }

    /// <summary>The next answer's payload, or null when the server closed; fails when neither comes.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(AnswerTimeMax);
        return await ReceiveAsync(deadline.Token);
    }

    /// <summary>The next answer's payload, or null when the server closed.</summary>
    public async Task<byte[]?> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            byte[] size = new byte[sizeof(int)];
            await _stream.ReadExactlyAsync(size, cancellation);
            byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await _stream.ReadExactlyAsync(payload, cancellation);
            return payload;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }
}
