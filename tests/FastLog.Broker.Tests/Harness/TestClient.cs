using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Broker.Tests.Harness;

/// <summary>
/// One blocking connection that sends one request at a time. Allocates nothing when it sends prepared bytes, so that
/// a test can count what the broker allocates.
/// </summary>
internal sealed class TestClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _received = new byte[1 << 20];
    private int _nextCorrelationId;

    public TestClient(IPEndPoint endPoint)
    {
        _socket.ReceiveTimeout = 30_000;
        _socket.Connect(endPoint);
    }

    /// <summary>Sends a request and decodes its response.</summary>
    public TResponse Send<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new()
    {
        SendOnly(Frame(request, version));
        return Receive<TResponse>(request.ApiKey, version);
    }

    /// <summary>Receives and decodes the response to the oldest request that was only sent.</summary>
    public TResponse Receive<TResponse>(ApiKey apiKey, short version)
        where TResponse : IResponse, new() => Decode<TResponse>(Receive(), apiKey, version, out _);

    /// <summary>Decodes a response from a copy of its bytes, and its correlation id.</summary>
    public static TResponse Decode<TResponse>(
        ReadOnlyMemory<byte> frame, ApiKey apiKey, short version, out int correlationId)
        where TResponse : IResponse, new()
    {
        var response = new TResponse();
        var reader = new MessageReader(new ReadOnlySequence<byte>(frame.ToArray()));
        correlationId = ResponseHeader.Decode(ref reader, apiKey, version).CorrelationId;
        response.Decode(ref reader, version);
        Assert.True(reader.Remaining == 0, $"{apiKey} v{version} leaves {reader.Remaining} bytes");
        return response;
    }

    /// <summary>A request's bytes on the wire, size field first.</summary>
    public byte[] Frame(IRequest request, short version, string clientId = "test")
    {
        using var output = new PooledBufferWriter();
        var writer = new MessageWriter(output);
        writer.WriteInt32(0);
        new RequestHeader(request.ApiKey, version, ++_nextCorrelationId, clientId).Encode(ref writer);
        request.Encode(ref writer, version);
        writer.Flush();
        var frame = output.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - sizeof(int));
        return frame;
    }

    /// <summary>Sends bytes as they are and receives one response, without its size field.</summary>
    public ReadOnlyMemory<byte> SendBytes(ReadOnlySpan<byte> frame)
    {
        SendOnly(frame);
        return Receive();
    }

    /// <summary>Sends bytes and waits for nothing.</summary>
    public void SendOnly(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket.Send(bytes)..];
        }
    }

    /// <summary>Receives one response; valid until the next one.</summary>
    public ReadOnlyMemory<byte> Receive()
    {
        ReceiveExactly(_received.AsSpan(0, sizeof(int)));
        var size = BinaryPrimitives.ReadInt32BigEndian(_received);
        if (size > _received.Length)
        {
            _received = new byte[size];
        }

        ReceiveExactly(_received.AsSpan(0, size));
        return _received.AsMemory(0, size);
    }

    /// <summary>Whether the broker closes the connection without another byte.</summary>
    public bool IsClosedByBroker()
    {
        try
        {
            return _socket.Receive(_received.AsSpan(0, 1)) == 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Whether a response has arrived; does not wait.</summary>
    public bool HasResponse => _socket.Available > 0;

    public void Dispose() => _socket.Dispose();

    private void ReceiveExactly(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            var received = _socket.Receive(destination);
            if (received == 0)
            {
                throw new EndOfStreamException("the broker closed the connection");
            }

            destination = destination[received..];
        }
    }
}
