using System.Buffers;
using System.Collections.Concurrent;

namespace FastLog.Network.Tests;

public sealed class ResponseOrderTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public async Task Responses_leave_in_order_of_requests_whoever_completes_them_when(int seed)
    {
        const int Requests = 3_000;
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer peer = host.Connect();
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < Requests; i++)
            {
                await peer.SendAsync(TestPeer.NumberedFrame(i, 8 + (i * 7919 % (i % 50 == 0 ? 40_000 : 100))));
            }
        });
        Task[] completing = [.. Enumerable.Range(0, 3).Select(worker =>
            Task.Run(() => CompleteShuffled(host.Processor.Held, new Random(seed + worker), Requests / 3)))];

        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await sending;
        await Task.WhenAll(completing);
    }

    [Fact]
    public async Task Requests_without_response_leave_no_gap()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            if (TestPeer.ByteAt(frame, 3) % 3 == 0)
            {
                response.CompleteWithoutResponse();
            }
            else
            {
                TestProcessor.Echo(connection, frame, response);
            }
        };
        using TestPeer peer = host.Connect();
        for (int i = 0; i < 100; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i));
        }

        foreach (int i in Enumerable.Range(0, 100).Where(i => i % 3 != 0))
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }
    }

    [Fact]
    public async Task Responses_of_one_pass_leave_in_one_send()
    {
        const int Requests = 20;
        await using var host = new TestHost();
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        byte[] all = [.. Enumerable.Range(0, Requests).SelectMany(i => TestPeer.NumberedFrame(i))];
        await peer.SendAsync(all);
        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await Until.True(() => connection.PendingResponses == 0, "the responses are off the books");
        Assert.Equal(1, connection.Sends);
        Assert.Equal(1, host.Processor.Passes);
        peer.Dispose();
    }

    [Fact]
    public async Task Work_put_off_to_the_end_of_the_pass_leaves_in_one_send_too()
    {
        const int Requests = 20;
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        host.Processor.OnPass = _ =>
        {
            // Backwards, so that nothing is ready before the last one.
            foreach (PendingResponse response in host.Processor.Held.Reverse())
            {
                response.Complete();
            }

            host.Processor.Held.Clear();
        };
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendAsync(Enumerable.Range(0, Requests).SelectMany(i => TestPeer.NumberedFrame(i)).ToArray());
        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await Until.True(() => connection.PendingResponses == 0, "the responses are off the books");
        Assert.Equal(1, connection.Sends);
        peer.Dispose();
    }

    [Fact]
    public async Task Responses_that_waited_for_the_first_one_leave_with_it_in_one_send()
    {
        const int Requests = 100;
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        for (int i = 0; i < Requests; i++)
        {
            await peer.SendAsync(TestPeer.NumberedFrame(i));
        }

        await Until.True(() => host.Processor.Held.Count == Requests, "all requests are held");
        PendingResponse[] held = [.. host.Processor.Held];
        host.Processor.Held.Clear();
        for (int i = Requests - 1; i >= 0; i--)
        {
            held[i].Complete();
        }

        for (int i = 0; i < Requests; i++)
        {
            Assert.Equal(i, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        }

        await Until.True(() => connection.PendingResponses == 0, "the responses are off the books");
        Assert.Equal(1, connection.Sends);
        peer.Dispose();
    }

    [Fact]
    public async Task A_response_is_completed_once()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer peer = host.Connect();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await peer.SendAsync(TestPeer.NumberedFrame(2));
        await Until.True(() => host.Processor.Held.Count == 2, "the requests are held");
        PendingResponse first = host.Processor.TakeHeld();
        PendingResponse second = host.Processor.TakeHeld();
        second.Complete();
        Assert.Throws<InvalidOperationException>(second.Complete);
        first.Complete();
        Assert.Equal(1, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        Assert.Equal(2, TestPeer.NumberOf(await peer.ReadFrameAsync()));
    }

    [Fact]
    public async Task A_processor_can_close_the_connection_after_the_responses_before()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        using TestPeer peer = host.Connect();
        await peer.SendAsync(TestPeer.NumberedFrame(1));
        await peer.SendAsync(TestPeer.NumberedFrame(2));
        await Until.True(() => host.Processor.Held.Count == 2, "the requests are held");
        PendingResponse first = host.Processor.TakeHeld();
        host.Processor.TakeHeld().CloseConnection("an acks=0 produce failed");
        first.Complete();
        Assert.Equal(1, TestPeer.NumberOf(await peer.ReadFrameAsync()));
        await peer.AssertClosedAsync();
        Assert.Contains("an acks=0 produce failed", Assert.Single(host.Log.LoudLines), StringComparison.Ordinal);
    }

    private static async Task CompleteShuffled(ConcurrentQueue<PendingResponse> held, Random random, int count)
    {
        var mine = new List<PendingResponse>();
        for (int taken = 0; taken < count || mine.Count > 0;)
        {
            if (taken < count && held.TryDequeue(out PendingResponse? response))
            {
                mine.Add(response);
                taken++;
            }

            bool mustComplete = mine.Count > 50 || taken == count || held.IsEmpty;
            if (mine.Count > 0 && mustComplete)
            {
                int pick = random.Next(mine.Count);
                mine[pick].Complete();
                mine.RemoveAt(pick);
            }
            else if (mine.Count == 0)
            {
                await Task.Yield();
            }
        }
    }
}
