using System.Net.Sockets;

namespace FastLog.Network.Tests;

public sealed class ShutdownTests
{
    [Fact]
    public async Task What_was_taken_is_answered_and_nothing_else_is_taken()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer busy = host.Connect();
        using TestPeer silent = host.Connect();
        for (int i = 0; i < 5; i++)
        {
            await busy.SendAsync(TestPeer.NumberedFrame(i));
        }

        await Until.True(() => host.Processor.Held.Count == 5, "the requests are held");
        Task stopping = host.Listener.StopAsync(Until.Limit);
        await silent.AssertClosedAsync();
        await busy.SendAsync(TestPeer.NumberedFrame(99));
        Assert.False(stopping.IsCompleted);
        for (int i = 0; i < 5; i++)
        {
            host.Processor.TakeHeld().Complete();
        }

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await busy.ReadFrameAsync()));
        }

        await busy.AssertClosedAsync();
        await stopping.WaitAsync(Until.Limit);
        Assert.Empty(host.Processor.Held);
        Assert.Throws<SocketException>(() => host.Connect());
    }

    [Fact]
    public async Task A_response_that_does_not_come_is_given_up_after_the_drain_timeout()
    {
        var time = new ManualTime();
        await using var host = new TestHost(time: time);
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer peer = host.Connect();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await Until.True(() => host.Processor.Held.Count == 1, "the request is held");
        Task stopping = host.Listener.StopAsync(TimeSpan.FromSeconds(5));
        await Until.True(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return stopping.IsCompleted;
            },
            "the listener gives up");
        await peer.AssertClosedAsync();
        host.Processor.TakeHeld().Complete();
    }

    [Fact]
    public async Task A_frame_in_the_middle_does_not_hold_up_the_stop()
    {
        await using var host = new TestHost();
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendAsync(TestPeer.NumberedFrame(1, 1_000_000).AsMemory(0, 400_000));
        await Until.True(() => connection.BytesReceived == 400_000, "the bytes arrive");
        await host.Listener.StopAsync(Until.Limit).WaitAsync(Until.Limit);
        peer.Dispose();
    }

    [Fact]
    public async Task A_connection_that_never_drains_is_closed_by_its_own_limit()
    {
        var time = new ManualTime();
        await using var host = new TestHost(new NetworkOptions { ConnectionDrainMsMax = 30_000 }, time);
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer peer = host.Connect();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await peer.SendAsync(new byte[] { 0x7F, 0xFF, 0xFF, 0xFF });
        await Until.True(() => host.Log.LoudLines.Length == 1, "the bad size is found");
        time.Advance(TimeSpan.FromSeconds(31));
        await peer.AssertClosedAsync();
    }

    [Fact]
    public async Task Stopping_twice_is_stopping_once()
    {
        await using var host = new TestHost();
        await host.Listener.StopAsync(Until.Limit);
        await host.Listener.StopAsync(Until.Limit);
    }
}
