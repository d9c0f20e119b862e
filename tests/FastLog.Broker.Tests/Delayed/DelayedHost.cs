using System.Buffers;
using FastLog.Broker.Requests;
using FastLog.Broker.Tests.Harness;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Delayed;

/// <summary>
/// A listener whose requests the test answers with operations of its own: what an operation completes is a real
/// response on a real connection, so that an answer too many, or too early, is seen.
/// </summary>
internal sealed class DelayedHost : IRequestProcessor, IAsyncDisposable
{
    private readonly PinnedBlockPool _blocks = new();
    private readonly SocketListener _listener;
    private readonly Action<RequestContext> _onRequest;

    public DelayedHost(Action<RequestContext> onRequest)
    {
        _onRequest = onRequest;
        _listener = new SocketListener(new NetworkOptions(), this, _blocks);
        _listener.Start("PLAINTEXT", "127.0.0.1", 0);
    }

    public IEnumerable<Connection> Connections => _listener.Connections;

    public TestClient Connect() => new(_listener.LocalEndPoint);

    /// <summary>A request whose body nobody reads.</summary>
    public static byte[] Frame(TestClient client) => client.Frame(new ProduceRequest { TransactionalId = null }, 9);

    /// <summary>Receives the answer of a <see cref="Frame"/>.</summary>
    public static ProduceResponse Receive(TestClient client, out int correlationId) =>
        TestClient.Decode<ProduceResponse>(client.Receive(), ApiKey.Produce, 9, out correlationId);

    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        var reader = new MessageReader(frame);
        _onRequest(new RequestContext(connection, RequestHeader.Decode(ref reader), response));
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        Assert.Equal(0, _blocks.Outstanding);
        _blocks.Dispose();
    }
}
