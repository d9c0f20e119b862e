using System.Net;

namespace FastLog.Network.Tests;

public sealed class SocketListenerTests
{
    [Fact]
    public async Task Connections_know_the_listener_they_came_through()
    {
        await using var host = new TestHost();
        IPEndPoint internalEndPoint = host.Listener.Start("INTERNAL", "localhost", 0);
        (TestPeer first, Connection viaPlaintext) = await host.ConnectServedAsync();
        using var second = new TestPeer(internalEndPoint);
        await Until.True(() => host.Processor.Connected == 2, "the second connection is served");
        Connection viaInternal = host.Processor.Seen.Last();
        Assert.Equal("PLAINTEXT", viaPlaintext.ListenerName);
        Assert.Equal("INTERNAL", viaInternal.ListenerName);
        Assert.NotEqual(viaPlaintext.Id, viaInternal.Id);
        Assert.Equal(first.Socket.LocalEndPoint, viaPlaintext.RemoteEndPoint);
        Assert.Equal(host.EndPoint, viaPlaintext.LocalEndPoint);
        Assert.Equal(host.EndPoint, host.Listener.LocalEndPoint);
        first.Dispose();
    }

    [Fact]
    public async Task An_empty_host_is_every_address()
    {
        await using var host = new TestHost();
        IPEndPoint any = host.Listener.Start("ANY", "", 0);
        using var peer = new TestPeer(new IPEndPoint(IPAddress.Loopback, any.Port));
        await peer.SendFrameAsync([1]);
        Assert.Equal([1], await peer.ReadFrameAsync());
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_room_is_made_when_one_ends()
    {
        await using var host = new TestHost(new NetworkOptions { ConnectionsMax = 2 });
        (TestPeer first, _) = await host.ConnectServedAsync();
        (TestPeer second, _) = await host.ConnectServedAsync();
        using TestPeer third = host.Connect();
        await third.AssertClosedAsync();
        Assert.Equal(1, host.Listener.Counters.ConnectionsRefused);
        Assert.Equal(2, host.Listener.ConnectionsOpen);
        first.Dispose();
        await Until.True(() => host.Listener.ConnectionsOpen == 1, "the first one is gone");
        (TestPeer fourth, _) = await host.ConnectServedAsync();
        second.Dispose();
        fourth.Dispose();
    }

    [Fact]
    public async Task An_address_in_use_is_an_exception_of_start()
    {
        await using var host = new TestHost();
        Assert.Throws<System.Net.Sockets.SocketException>(() => host.Listener.Start("AGAIN", host.EndPoint));
    }

    [Fact]
    public async Task Counters_tell_what_happened()
    {
        await using var host = new TestHost();
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        for (int i = 0; i < 10; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i, 100));
            await peer.ReadFrameAsync();
        }

        NetworkCounters counters = host.Listener.Counters;
        await Until.True(() => counters.BytesOut == 1040, "the bytes out are counted");
        await Until.True(() => counters.Requests == 10, "the requests are counted");
        Assert.Equal(1040, counters.BytesIn);
        Assert.Equal(1, counters.ConnectionsAccepted);
        Assert.Equal(1040, connection.BytesSent);
        Assert.Equal(1040, connection.BytesReceived);
        peer.Dispose();
    }
}
