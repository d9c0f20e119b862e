namespace FastLog.Network.Tests;

public sealed class IdleTimeoutTests
{
    private static readonly NetworkOptions Options = new() { ConnectionsIdleMsMax = 60_000 };

    [Fact]
    public async Task A_silent_connection_is_closed()
    {
        var time = new ManualTime();
        await using var host = new TestHost(Options, time);
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(connection.IsClosed);
        time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(connection.IsClosed);
        await peer.AssertClosedAsync();
        Assert.Contains(host.Log.AllLines, line => line.Contains("idle", StringComparison.Ordinal));
        peer.Dispose();
    }

    [Fact]
    public async Task Traffic_keeps_a_connection()
    {
        var time = new ManualTime();
        await using var host = new TestHost(Options, time);
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        for (int i = 0; i < 10; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i));
            await peer.ReadFrameAsync();
            time.Advance(TimeSpan.FromSeconds(40));
        }

        Assert.False(connection.IsClosed);
        peer.Dispose();
    }

    [Fact]
    public async Task A_connection_that_waits_for_our_answer_is_not_idle()
    {
        var time = new ManualTime();
        await using var host = new TestHost(Options, time);
        host.Processor.OnRequest = host.Processor.Hold;
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await Until.True(() => host.Processor.Held.Count == 1, "the request is held");
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(1_000));
        Assert.False(connection.IsClosed);
        host.Processor.TakeHeld().Complete();
        await peer.ReadFrameAsync();
        await Until.True(() => connection.PendingResponses == 0, "the response is off the books");
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.True(connection.IsClosed);
        peer.Dispose();
    }

    [Fact]
    public async Task A_frame_that_does_not_go_on_is_idle()
    {
        var time = new ManualTime();
        await using var host = new TestHost(Options, time);
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendAsync(TestPeer.NumberedFrame(1, 100).AsMemory(0, 50));
        await Until.True(() => connection.BytesReceived == 50, "the bytes arrive");
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(connection.IsClosed);
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        peer.Dispose();
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_response_is_idle()
    {
        var time = new ManualTime();
        await using var host = new TestHost(Options, time);
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync(receiveBufferBytes: 8_000);
        Task sending = peer.SendAsync(TestPeer.NumberedFrame(1, 20_000_000));
        await sending;
        await Until.True(() => connection.PendingResponses == 1, "the response is under way");
        await Until.Settled(() => connection.BytesSent);
        time.Advance(TimeSpan.FromSeconds(15));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.True(connection.IsClosed);
        peer.Dispose();
    }
}
