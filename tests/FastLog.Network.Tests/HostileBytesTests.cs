using System.Buffers;
using System.Buffers.Binary;
using FastLog.Protocol;

namespace FastLog.Network.Tests;

public sealed class HostileBytesTests
{
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(1_000_001)]
    public async Task A_size_that_cannot_be_closes_the_connection_with_one_line(int sizeBytes)
    {
        await using var host = new TestHost(new NetworkOptions { SocketRequestBytesMax = 1_000_000 });
        using TestPeer peer = host.Connect();
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, sizeBytes);
        await peer.SendAsync(size);
        await peer.AssertClosedAsync();
        await Until.True(() => host.Processor.Disconnected == 1, "the connection ends");
        string line = Assert.Single(host.Log.LoudLines);
        Assert.Contains(peer.Socket.LocalEndPoint!.ToString()!, line, StringComparison.Ordinal);
        Assert.Contains($"{sizeBytes}", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_that_never_ends_holds_what_arrived_only_and_hinders_nobody()
    {
        await using var host = new TestHost();
        (TestPeer slow, Connection connection) = await host.ConnectServedAsync();
        byte[] start = new byte[50_000];
        BinaryPrimitives.WriteInt32BigEndian(start, 100_000_000);
        await slow.SendAsync(start);
        await Until.True(() => connection.BytesReceived == start.Length, "the start arrives");
        Assert.InRange(host.Pool.OutstandingBytes, start.Length, start.Length + (2 * PinnedBlockPool.MediumBytes));

        using TestPeer other = host.Connect();
        await other.SendFrameAsync([1, 2, 3]);
        Assert.Equal([1, 2, 3], await other.ReadFrameAsync());
        slow.Dispose();
    }

    [Fact]
    public async Task The_arrived_part_of_a_long_frame_counts_as_in_flight_until_the_connection_ends()
    {
        await using var host = new TestHost();
        (TestPeer slow, Connection connection) = await host.ConnectServedAsync();
        byte[] start = new byte[5_000_000];
        BinaryPrimitives.WriteInt32BigEndian(start, 100_000_000);
        await slow.SendAsync(start);
        await Until.True(() => connection.BytesReceived == start.Length, "the start arrives");
        Assert.InRange(host.Listener.QueuedBytes, 3_000_000, start.Length);
        slow.Dispose();
        await Until.True(() => host.Listener.QueuedBytes == 0, "the bytes are given back");
    }

    [Fact]
    public async Task A_malformed_request_closes_the_connection_after_the_answers_before_it()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            if (TestPeer.ByteAt(frame, 0) == 0xFF)
            {
                // Half a response was written before the mistake was found.
                response.Output.GetSpan(10_000);
                response.Output.Advance(10_000);
                throw new ProtocolException("array of 7 elements in 3 bytes");
            }

            host.Processor.Hold(connection, frame, response);
        };
        using TestPeer peer = host.Connect();
        await peer.SendFrameAsync([1]);
        await peer.SendFrameAsync([0xFF]);
        await peer.SendFrameAsync([2]);
        await Until.True(() => host.Log.LoudLines.Length > 0, "the mistake is logged");
        host.Processor.TakeHeld().Complete();
        Assert.Equal([1], await peer.ReadFrameAsync());
        await peer.AssertClosedAsync();
        Assert.Empty(host.Processor.Held);
        Assert.Contains("array of 7 elements", Assert.Single(host.Log.LoudLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_of_the_processor_ends_one_connection_only()
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            if (TestPeer.ByteAt(frame, 0) == 0xFF)
            {
                throw new InvalidOperationException("a bug");
            }

            TestProcessor.Echo(connection, frame, response);
        };
        using TestPeer unlucky = host.Connect();
        using TestPeer other = host.Connect();
        await unlucky.SendFrameAsync([0xFF]);
        await unlucky.AssertClosedAsync();
        await other.SendFrameAsync([5]);
        Assert.Equal([5], await other.ReadFrameAsync());
        Assert.Contains("a bug", Assert.Single(host.Log.LoudLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(32)]
    public async Task Random_bytes_end_in_an_answer_or_a_closed_connection(int seed)
    {
        await using var host = new TestHost(new NetworkOptions { SocketRequestBytesMax = 100_000 });
        var random = new Random(seed);
        for (int round = 0; round < 100; round++)
        {
            using TestPeer peer = host.Connect();
            byte[] bytes = new byte[random.Next(1, 2_000)];
            random.NextBytes(bytes);
            bytes[0] = (byte)random.Next(2);
            bytes[1] = 0;
            await peer.SendAsync(bytes);
            peer.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
            while (await peer.TryReadFrameAsync() is not null)
            {
                // Whatever happened to be a frame is echoed.
            }
        }

        await Until.True(() => host.Processor.Disconnected == 100, $"all connections end (seed {seed})");
        using TestPeer sane = host.Connect();
        await sane.SendFrameAsync([9]);
        Assert.Equal([9], await sane.ReadFrameAsync());
    }
}
