namespace FastLog.Network.Tests;

public sealed class BackpressureTests
{
    [Fact]
    public async Task Pending_responses_of_a_connection_are_bounded()
    {
        await using var host = new TestHost(new NetworkOptions { ConnectionPendingResponsesMax = 100 });
        host.Processor.OnRequest = host.Processor.HoldShort;
        using TestPeer peer = host.Connect();
        Task sending = SendMany(peer, 2_000, 100);
        await Until.True(() => host.Processor.Held.Count == 100, "the bound is reached");
        Assert.Equal(100, await Until.Settled(() => host.Processor.Held.Count));
        await AnswerAll(host, peer, 2_000);
        await sending;
    }

    [Fact]
    public async Task Bytes_in_flight_of_a_connection_are_bounded_and_the_rest_stays_in_the_socket()
    {
        const int FrameBytes = 100_000;
        await using var host = new TestHost(new NetworkOptions { ConnectionQueuedBytesMax = 1_000_000 });
        host.Processor.OnRequest = host.Processor.HoldShort;
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        Task sending = SendMany(peer, 300, FrameBytes);
        await Until.True(() => host.Processor.Held.Count == 10, "the bound is reached");
        long received = await Until.Settled(() => connection.BytesReceived);
        Assert.Equal(10, host.Processor.Held.Count);
        Assert.InRange(received, 1_000_000, 1_000_000 + (2 * PinnedBlockPool.LargestPooledBytes));
        Assert.InRange(host.Pool.OutstandingBytes, 0, 2 * PinnedBlockPool.LargestPooledBytes);
        await AnswerAll(host, peer, 300);
        await sending;
        peer.Dispose();
    }

    [Fact]
    public async Task Bytes_in_flight_of_all_connections_are_bounded()
    {
        await using var host = new TestHost(new NetworkOptions { QueuedBytesMax = 500_000 });
        host.Processor.OnRequest = host.Processor.HoldShort;
        TestPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => host.Connect())];
        Task[] sending = [.. peers.Select(peer => SendMany(peer, 20, 50_000))];
        await Until.True(() => host.Processor.Held.Count == 10, "the bound is reached");
        await Until.Settled(() => host.Processor.Held.Count);
        Assert.Equal(500_000, host.Listener.QueuedBytes);
        Assert.Equal(10, host.Processor.Held.Count);
        await Task.WhenAll(peers.Select(peer => AnswerAll(host, peer, 20)));
        await Task.WhenAll(sending);
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Fact]
    public async Task A_request_larger_than_the_bounds_is_admitted_when_it_is_alone()
    {
        await using var host = new TestHost(
            new NetworkOptions { QueuedBytesMax = 10_000, ConnectionQueuedBytesMax = 10_000 });
        host.Processor.OnRequest = host.Processor.HoldShort;
        using TestPeer peer = host.Connect();
        Task sending = SendMany(peer, 3, 3_000_000);
        for (int i = 0; i < 3; i++)
        {
            await Until.True(() => !host.Processor.Held.IsEmpty, "a large request is taken");
            Assert.Equal(1, await Until.Settled(() => host.Processor.Held.Count));
            Assert.Equal(3_000_000, host.Listener.QueuedBytes);
            host.Processor.TakeHeld().Complete();
            await peer.ReadFrameAsync();
        }

        await sending;
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_responses_is_not_read_from()
    {
        await using var host = new TestHost(new NetworkOptions { ConnectionQueuedBytesMax = 2_000_000 });
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync(receiveBufferBytes: 10_000);
        Task sending = SendMany(peer, 400, 100_000);
        long received = await Until.Settled(() => connection.BytesReceived);
        // The responses that the socket's buffers took do not count; those in memory do.
        Assert.InRange(received, 2_000_000, 30_000_000);
        Assert.InRange(host.Pool.OutstandingBytes, 0, 8_000_000);
        for (int i = 0; i < 400; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await sending;
        peer.Dispose();
    }

    [Fact]
    public async Task A_connection_that_waits_for_room_can_be_closed()
    {
        await using var host = new TestHost(new NetworkOptions { QueuedBytesMax = 1_000 });
        host.Processor.OnRequest = host.Processor.HoldShort;
        (TestPeer first, _) = await host.ConnectServedAsync();
        await first.SendAsync(TestPeer.NumberedFrame(1, 1_000));
        await Until.True(() => host.Processor.Held.Count == 1, "the bound is reached");
        (TestPeer second, Connection waiting) = await host.ConnectServedAsync();
        await second.SendAsync(TestPeer.NumberedFrame(2, 100_000));
        await Until.True(() => waiting.BytesReceived >= 4, "the second one arrives");
        await Until.Settled(() => waiting.BytesReceived);
        waiting.Close("the test says so");
        await Until.True(() => host.Processor.Disconnected == 1, "the second one is gone");
        Assert.Equal(1_000, host.Listener.QueuedBytes);
        first.Dispose();
        second.Dispose();
    }

    private static Task SendMany(TestPeer peer, int count, int payloadBytes) => Task.Run(async () =>
    {
        for (int i = 0; i < count; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i, payloadBytes));
        }
    });

    private static async Task AnswerAll(TestHost host, TestPeer peer, int count)
    {
        Task answering = Task.Run(async () =>
        {
            for (int answered = 0; answered < count;)
            {
                PendingResponse? response = null;
                await Until.True(() => host.Processor.Held.TryDequeue(out response), "a request to answer");
                response!.Complete();
                answered++;
            }
        });
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await answering;
    }
}
