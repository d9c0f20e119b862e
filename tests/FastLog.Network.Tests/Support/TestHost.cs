using System.Net;

namespace FastLog.Network.Tests;

/// <summary>A listener with its processor, pool, clock and log; checks at the end that nothing leaked.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public TestHost(NetworkOptions? options = null, TimeProvider? time = null)
    {
        Listener = new SocketListener(options ?? new NetworkOptions(), Processor, Pool, time, Log);
        EndPoint = Listener.Start("PLAINTEXT", "127.0.0.1", 0);
    }

    public TestProcessor Processor { get; } = new();

    public PinnedBlockPool Pool { get; } = new();

    public TestLog Log { get; } = new();

    public SocketListener Listener { get; }

    public IPEndPoint EndPoint { get; }

    public TestPeer Connect(int receiveBufferBytes = -1) => new(EndPoint, receiveBufferBytes);

    /// <summary>Connects and waits until the connection is served.</summary>
    public async Task<(TestPeer Peer, Connection Connection)> ConnectServedAsync(int receiveBufferBytes = -1)
    {
        int before = Processor.Connected;
        TestPeer peer = Connect(receiveBufferBytes);
        await Until.True(() => Processor.Connected > before, "a connection is served");
        return (peer, Processor.Seen.Last());
    }

    public async ValueTask DisposeAsync()
    {
        while (Processor.Held.TryDequeue(out PendingResponse? response))
        {
            response.Complete();
        }

        await Listener.DisposeAsync();
        Assert.Equal(0, Listener.ConnectionsOpen);
        Assert.Equal(0, Listener.QueuedBytes);
        Assert.Equal(0, Pool.Outstanding);
        Assert.Equal(0, Pool.OutstandingBytes);
        Assert.Equal(Processor.Connected, Processor.Disconnected);
        Pool.Dispose();
    }
}
