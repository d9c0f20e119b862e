using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FastLog.Network.Tests;

public sealed class GatheredSendTests : IDisposable
{
    private const int ResponseBytes = 8;

    private readonly PinnedBlockPool _pool = new();
    private readonly Socket _listening = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public GatheredSendTests()
    {
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen();
    }

    public void Dispose()
    {
        _listening.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
    }

    [Fact]
    public async Task Head_records_and_tail_leave_in_one_send()
    {
        await using OutgoingConnection connection = await ConnectAsync();
        using Socket broker = await _listening.AcceptAsync();
        byte[] records = Random(20_000, seed: 1);
        ValueTask<ResponseFrame> answer = SendAsync(connection, 1, records);
        byte[] received = await ReceiveAsync(broker, 4 + 4 + records.Length + 3);
        Assert.Equal(records, received[8..^3]);
        Assert.Equal(1, connection.Sends);
        await broker.SendAsync(Responses(1, 1));
        (await answer).Dispose();
    }

    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    public async Task Frames_of_all_sizes_arrive_as_they_are_through_a_small_socket_buffer(int seed)
    {
        await using OutgoingConnection connection = await ConnectAsync(sendBufferBytes: 16 * 1024);
        using Socket broker = await _listening.AcceptAsync();
        Random random = new(seed);
        int[] sizes = [0, 1, GatheredSend.DirectBytesMin - 1, GatheredSend.DirectBytesMin, 60_000, 70_000, 300_000];
        List<Task<ResponseFrame>> answers = [];
        List<byte> expected = [];
        for (int id = 1; id <= 100; id++)
        {
            byte[] records = Random(sizes[random.Next(sizes.Length)], seed + id);
            answers.Add(SendAsync(connection, id, records).AsTask());
            expected.AddRange([.. BigEndian(4 + records.Length + 3), .. BigEndian(id), .. records, .. "end"u8]);
        }

        byte[] received = await ReceiveAsync(broker, expected.Count);
        Assert.True(received.AsSpan().SequenceEqual(expected.ToArray()), $"seed {seed}");
        await broker.SendAsync(Responses(1, 100));
        foreach (Task<ResponseFrame> answer in answers)
        {
            (await answer.WaitAsync(Until.Limit)).Dispose();
        }
    }

    [Fact]
    public async Task Requests_made_while_responses_are_handed_out_leave_together()
    {
        const int Window = 20;
        await using OutgoingConnection connection = await ConnectAsync();
        using Socket broker = await _listening.AcceptAsync();
        Task[] callers = [.. Enumerable.Range(1, Window).Select(id => CallTwiceAsync(id))];
        await ReceiveAsync(broker, Window * ResponseBytes);
        long sends = connection.Sends;
        await broker.SendAsync(Responses(1, Window));
        await ReceiveAsync(broker, Window * ResponseBytes);
        Assert.Equal(1, connection.Sends - sends);
        await broker.SendAsync(Responses(Window + 1, Window));
        await Task.WhenAll(callers).WaitAsync(Until.Limit);

        async Task CallTwiceAsync(int id)
        {
            (await SendIdAsync(connection, id)).Dispose();
            (await SendIdAsync(connection, id + Window)).Dispose();
        }
    }

    private Task<OutgoingConnection> ConnectAsync(int sendBufferBytes = 1024 * 1024) => OutgoingConnection.ConnectAsync(
        "127.0.0.1",
        ((IPEndPoint)_listening.LocalEndPoint!).Port,
        new OutgoingConnectionOptions { ContinuesOnReadLoop = true, SocketSendBufferBytes = sendBufferBytes },
        _pool);

    private static ValueTask<ResponseFrame> SendAsync(OutgoingConnection connection, int id, byte[] records)
    {
        FrameOutput frame = connection.RentFrame();
        frame.Write(BigEndian(id));
        frame.WriteExternal(new MemoryRecords(records));
        frame.Write("end"u8);
        return connection.SendAsync(id, frame);
    }

    private static ValueTask<ResponseFrame> SendIdAsync(OutgoingConnection connection, int id)
    {
        FrameOutput frame = connection.RentFrame();
        frame.Write(BigEndian(id));
        return connection.SendAsync(id, frame);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int bytes)
    {
        byte[] received = new byte[bytes];
        for (int have = 0; have < bytes;)
        {
            int more = await socket.ReceiveAsync(received.AsMemory(have)).AsTask().WaitAsync(Until.Limit);
            Assert.True(more > 0, "the connection ended");
            have += more;
        }

        return received;
    }

    private static byte[] Responses(int firstId, int count) =>
        [.. Enumerable.Range(firstId, count).SelectMany(id => (byte[])[.. BigEndian(4), .. BigEndian(id)])];

    private static byte[] BigEndian(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Random(int bytes, int seed)
    {
        byte[] random = new byte[bytes];
        new Random(seed).NextBytes(random);
        return random;
    }
}
