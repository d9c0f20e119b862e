using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FastLog.Network.Tests;

public sealed class OutgoingConnectionTests : IDisposable
{
    private readonly PinnedBlockPool _pool = new();

    public void Dispose()
    {
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    public async Task Pipelined_requests_of_many_threads_get_their_own_responses(int seed)
    {
        await using var host = new TestHost();
        await using OutgoingConnection connection = await ConnectAsync(host.EndPoint);
        int lastId = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + worker);
            for (int i = 0; i < 300; i++)
            {
                int id = Interlocked.Increment(ref lastId);
                byte[] body = new byte[random.Next(random.Next(10) == 0 ? 300_000 : 500)];
                random.NextBytes(body);
                using ResponseFrame response = await SendAsync(connection, id, body).AsTask().WaitAsync(Until.Limit);
                Assert.Equal(id, IdOf(response));
                Assert.True(response.Payload.Slice(4).ToArray().AsSpan().SequenceEqual(body), $"seed {seed}");
            }
        })));
        Assert.Equal(0, connection.RequestsPending);
    }

    [Fact]
    public async Task Responses_stay_valid_while_later_ones_arrive()
    {
        await using var host = new TestHost();
        await using OutgoingConnection connection = await ConnectAsync(host.EndPoint);
        var kept = new List<ResponseFrame>();
        for (int id = 0; id < 500; id++)
        {
            kept.Add(await SendAsync(connection, id, Body(id)));
        }

        for (int id = 0; id < 500; id++)
        {
            Assert.Equal(id, IdOf(kept[id]));
            Assert.Equal(Body(id), kept[id].Payload.Slice(4).ToArray());
            kept[id].Dispose();
        }

        static byte[] Body(int id) => [.. Enumerable.Range(id, 10 + (id * 37 % 900)).Select(n => (byte)n)];
    }

    [Fact]
    public async Task Records_of_the_caller_are_sent_from_where_they_lie()
    {
        await using var host = new TestHost();
        await using OutgoingConnection connection = await ConnectAsync(host.EndPoint);
        byte[] records = new byte[500_000];
        new Random(1).NextBytes(records);
        FrameOutput frame = connection.RentFrame();
        WriteId(frame, 77);
        frame.Write("header"u8);
        frame.WriteExternal(new MemoryRecords(records));
        frame.Write("trailer"u8);
        using ResponseFrame response = await connection.SendAsync(77, frame);
        Assert.Equal([.. "header"u8, .. records, .. "trailer"u8], response.Payload.Slice(4).ToArray());
    }

    [Fact]
    public async Task No_more_are_in_flight_than_the_bound_and_the_others_follow_in_order()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = host.Processor.Hold;
        await using OutgoingConnection connection = await ConnectAsync(
            host.EndPoint, new OutgoingConnectionOptions { RequestsInFlightMax = 3, RequestsQueuedMax = 7 });
        Task<ResponseFrame>[] sends = [.. Enumerable.Range(0, 10).Select(i => SendAsync(connection, i, []).AsTask())];
        await Assert.ThrowsAsync<InvalidOperationException>(() => SendAsync(connection, 10, []).AsTask());
        await Until.True(() => host.Processor.Held.Count == 3, "the bound is reached");
        await Until.Settled(() => host.Processor.Held.Count);
        Assert.Equal(3, host.Processor.Held.Count);
        for (int i = 0; i < 10; i++)
        {
            await Until.True(() => !host.Processor.Held.IsEmpty, "the next one arrives");
            host.Processor.TakeHeld().Complete();
            using ResponseFrame response = await sends[i].WaitAsync(Until.Limit);
            Assert.Equal(i, IdOf(response));
        }
    }

    [Fact]
    public async Task Requests_without_response_end_when_they_were_sent()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = (Connection server, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            if (TestPeer.ByteAt(frame, 3) == 0)
            {
                response.CompleteWithoutResponse();
            }
            else
            {
                TestProcessor.Echo(server, frame, response);
            }
        };
        await using OutgoingConnection connection = await ConnectAsync(host.EndPoint);
        for (int i = 0; i < 20; i++)
        {
            FrameOutput oneWay = connection.RentFrame();
            WriteId(oneWay, 0);
            await connection.SendOneWayAsync(oneWay).AsTask().WaitAsync(Until.Limit);
            using ResponseFrame response = await SendAsync(connection, 1, []);
            Assert.Equal(1, IdOf(response));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_connection_fails_everything_pending_and_everything_after(bool byReset)
    {
        using var listening = new FakeBroker();
        await using OutgoingConnection connection = await ConnectAsync(
            listening.EndPoint, new OutgoingConnectionOptions { RequestsInFlightMax = 2 });
        Task<ResponseFrame>[] sends = [.. Enumerable.Range(0, 5).Select(i => SendAsync(connection, i, []).AsTask())];
        using Socket accepted = await listening.AcceptAsync();
        if (byReset)
        {
            accepted.LingerState = new LingerOption(true, 0);
        }

        accepted.Dispose();
        foreach (Task<ResponseFrame> send in sends)
        {
            await Assert.ThrowsAsync<ConnectionLostException>(() => send.WaitAsync(Until.Limit));
        }

        Assert.False(connection.IsOpen);
        await Assert.ThrowsAsync<ConnectionLostException>(() => SendAsync(connection, 9, []).AsTask());
        await connection.Ended.WaitAsync(Until.Limit);
    }

    [Fact]
    public async Task Disposing_fails_what_is_pending()
    {
        using var listening = new FakeBroker();
        OutgoingConnection connection = await ConnectAsync(listening.EndPoint);
        Task<ResponseFrame> send = SendAsync(connection, 1, new byte[5_000_000]).AsTask();
        await connection.DisposeAsync().AsTask().WaitAsync(Until.Limit);
        await Assert.ThrowsAsync<ConnectionLostException>(() => send);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 2 }, "correlation id 2")]
    [InlineData(new byte[] { 0x7F, 0, 0, 0 }, "cannot be")]
    [InlineData(new byte[] { 0, 0, 0, 3, 1, 2, 3 }, "cannot be")]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 2 }, "without a request")]
    public async Task Bytes_that_are_no_response_end_the_connection(byte[] answer, string reason)
    {
        using var listening = new FakeBroker();
        await using OutgoingConnection connection = await ConnectAsync(listening.EndPoint);
        Task<ResponseFrame> send = SendAsync(connection, 1, []).AsTask();
        using Socket accepted = await listening.AcceptAsync();
        await accepted.SendAsync(answer);
        await connection.Ended.WaitAsync(Until.Limit);
        if (answer.Length == 16)
        {
            (await send).Dispose();
            send = SendAsync(connection, 1, []).AsTask();
        }

        ConnectionLostException lost = await Assert.ThrowsAsync<ConnectionLostException>(() => send);
        Assert.Contains(reason, lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_is_not_answered_in_time_ends_the_connection()
    {
        var time = new ManualTime();
        using var listening = new FakeBroker();
        await using OutgoingConnection connection = await ConnectAsync(
            listening.EndPoint, new OutgoingConnectionOptions { RequestTimeoutMs = 1_000 }, time);
        Task<ResponseFrame> send = SendAsync(connection, 1, []).AsTask();
        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.True(connection.IsOpen);
        time.Advance(TimeSpan.FromMilliseconds(300));
        ConnectionLostException lost = await Assert.ThrowsAsync<ConnectionLostException>(() => send);
        Assert.Contains("1000 ms", lost.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_is_a_lost_connection_too()
    {
        IPEndPoint nobody;
        using (var listening = new FakeBroker())
        {
            nobody = listening.EndPoint;
        }

        await Assert.ThrowsAsync<ConnectionLostException>(() => ConnectAsync(nobody));
    }

    [Fact]
    public async Task Requests_queued_during_a_send_leave_in_the_next_one()
    {
        const int LargeBytes = 40_000_000;
        const int Followers = 1_000;
        using var listening = new FakeBroker();
        await using OutgoingConnection connection = await ConnectAsync(
            listening.EndPoint, new OutgoingConnectionOptions { RequestsInFlightMax = 10_000 });
        using Socket accepted = await listening.AcceptAsync();
        // Nobody reads yet, and no socket buffer takes so much: what follows queues behind the first send.
        List<Task<ResponseFrame>> sends = [SendAsync(connection, 0, new byte[LargeBytes]).AsTask()];
        sends.AddRange(Enumerable.Range(1, Followers).Select(i => SendAsync(connection, i, []).AsTask()));

        byte[] buffer = new byte[1_000_000];
        for (int left = LargeBytes + 8 + (Followers * 8); left > 0;)
        {
            left -= await accepted.ReceiveAsync(buffer).WaitAsync(Until.Limit);
        }

        await Until.True(() => connection.BytesSent == LargeBytes + 8 + (Followers * 8), "all is sent");
        // The blocks of the first one, and all the others together.
        Assert.InRange(connection.Sends, 3, 60);
        await connection.DisposeAsync();
        foreach (Task<ResponseFrame> send in sends)
        {
            await Assert.ThrowsAsync<ConnectionLostException>(() => send);
        }
    }

    private Task<OutgoingConnection> ConnectAsync(
        IPEndPoint endPoint, OutgoingConnectionOptions? options = null, TimeProvider? time = null) =>
        OutgoingConnection.ConnectAsync(
            "127.0.0.1", endPoint.Port, options ?? new OutgoingConnectionOptions(), _pool, time);

    private static ValueTask<ResponseFrame> SendAsync(OutgoingConnection connection, int id, byte[] body)
    {
        FrameOutput frame = connection.RentFrame();
        WriteId(frame, id);
        frame.Write(body);
        return connection.SendAsync(id, frame);
    }

    private static void WriteId(FrameOutput frame, int id)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame.GetSpan(4), id);
        frame.Advance(4);
    }

    private static int IdOf(ResponseFrame response) =>
        BinaryPrimitives.ReadInt32BigEndian(response.Payload.Slice(0, 4).ToArray());

    private sealed class FakeBroker : IDisposable
    {
        private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public FakeBroker()
        {
            _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listening.Listen();
        }

        public IPEndPoint EndPoint => (IPEndPoint)_listening.LocalEndPoint!;

        public Task<Socket> AcceptAsync() => _listening.AcceptAsync().WaitAsync(Until.Limit);

        public void Dispose() => _listening.Dispose();
    }
}
