using System.Buffers;

namespace FastLog.Network.Tests;

/// <summary>Every test's host checks at its end that blocks, budget and callbacks are balanced.</summary>
public sealed class DisconnectTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(500)]
    [InlineData(200_000)]
    public async Task In_the_middle_of_a_frame(int bytesSent)
    {
        await using var host = new TestHost();
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendAsync(TestPeer.NumberedFrame(1, 300_000).AsMemory(0, bytesSent));
        await Until.True(() => connection.BytesReceived == bytesSent, "the bytes arrive");
        peer.Dispose();
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        Assert.True(connection.IsClosed);
        Assert.Empty(host.Log.LoudLines);
    }

    [Fact]
    public async Task By_reset()
    {
        await using var host = new TestHost();
        (TestPeer peer, _) = await host.ConnectServedAsync();
        await peer.SendAsync(new byte[] { 0, 0 });
        peer.Reset();
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        Assert.Empty(host.Log.LoudLines);
    }

    [Fact]
    public async Task With_responses_pending_that_are_completed_later()
    {
        await using var host = new TestHost();
        using var file = new TestFile(1_000);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            response.Output.Write(new byte[10_000]);
            response.Output.WriteExternal(file.Region(0, 1_000));
            host.Processor.Held.Enqueue(response);
        };
        (TestPeer peer, _) = await host.ConnectServedAsync();
        for (int i = 0; i < 10; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i));
        }

        await Until.True(() => host.Processor.Held.Count == 10, "the requests are held");
        PendingResponse[] held = [.. host.Processor.Held];
        host.Processor.Held.Clear();
        // Some are completed before the end, behind one that is not, and some after.
        held[3].Complete();
        held[7].Complete();
        held[8].CloseConnection("not reached");
        peer.Dispose();
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        Assert.Equal(0, host.Listener.QueuedBytes);
        Assert.Equal(3, file.Released);
        foreach (int i in new[] { 0, 1, 2, 4, 5 })
        {
            held[i].Complete();
        }

        held[6].CompleteWithoutResponse();
        held[9].CloseConnection("too late");
        Assert.Equal(10, file.Released);
    }

    [Fact]
    public async Task While_a_large_response_is_being_sent()
    {
        await using var host = new TestHost();
        using var file = new TestFile(8_000_000);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            response.Output.Write(new byte[3_000_000]);
            response.Output.WriteExternal(file.Region(0, 8_000_000));
            response.Complete();
        };
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync(receiveBufferBytes: 8_000);
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await peer.SendAsync(TestPeer.NumberedFrame(2));
        await Until.True(() => connection.PendingResponses == 2 && !host.Pool.Outstanding.Equals(0), "it is being sent");
        peer.Reset();
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        Assert.Equal(2, file.Released);
    }

    [Fact]
    public async Task From_within_the_processing_of_a_request()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            connection.Close("the test says so");
            connection.Close("twice is fine");
            TestProcessor.Echo(connection, frame, response);
        };
        using TestPeer peer = host.Connect();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await peer.AssertClosedAsync();
    }

    [Theory]
    [InlineData(41)]
    [InlineData(42)]
    public async Task At_random_moments_of_busy_connections(int seed)
    {
        await using var host = new TestHost();
        using var file = new TestFile(100_000);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            int number = TestPeer.ByteAt(frame, 3);
            response.Output.Write(new byte[number * 40]);
            response.Output.WriteExternal(file.Region(number, number * 200));
            if (number % 4 == 0)
            {
                response.Complete();
            }
            else
            {
                ThreadPool.UnsafeQueueUserWorkItem(static held => held.Complete(), response, preferLocal: false);
            }
        };
        await Parallel.ForEachAsync(Enumerable.Range(0, 60), async (i, _) =>
        {
            var random = new Random((seed * 1000) + i);
            using TestPeer peer = host.Connect();
            Task sending = SendUntilReset(peer, random);
            for (int answers = random.Next(0, 60); answers > 0; answers--)
            {
                byte[]? answer = await peer.TryReadFrameAsync();
                Assert.True(answer is not null, $"seed {seed}: {string.Join('\n', host.Log.AllLines)}");
            }

            peer.Reset();
            await sending;
        });
        await Until.True(() => host.Processor.Disconnected == 60, $"all connections end (seed {seed})");
        await Until.True(() => host.Pool.Outstanding == 0, $"all blocks are back (seed {seed})");
    }

    private static async Task SendUntilReset(TestPeer peer, Random random)
    {
        try
        {
            for (int n = 0; n < 100; n++)
            {
                await peer.SendAsync(TestPeer.NumberedFrame(n, random.Next(8, 20_000)));
            }
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // The reset of this very test.
        }
    }
}
