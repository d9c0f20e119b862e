using System.Buffers;

namespace FastLog.Network.Tests;

public sealed class FileRegionTests
{
    [Theory]
    [InlineData(FileRegionSending.Pread)]
    [InlineData(FileRegionSending.Sendfile)]
    [InlineData(FileRegionSending.Default)]
    public async Task Ranges_arrive_between_the_bytes_around_them(FileRegionSending way)
    {
        const int FileBytes = 3_000_000;
        await using var host = new TestHost(new NetworkOptions { FileRegionSending = way });
        using var file = new TestFile(FileBytes);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            (long offset, int size) = RangeOf(frame.ToArray());
            response.Output.Write("before"u8);
            response.Output.WriteExternal(file.Region(offset, size));
            response.Output.Write("between"u8);
            response.Output.WriteExternal(file.Region(0, Math.Min(size, 1_000)));
            response.Output.Write("after"u8);
            response.Complete();
        };
        using TestPeer peer = host.Connect();
        (int Offset, int Size)[] ranges =
        [
            (0, 0), (0, 1), (17, 100), (4_000, 5_000), (0, 65_536), (1, 65_535), (99, 300_000),
            (0, FileBytes), (FileBytes - 1, 1), (FileBytes, 0), (2_000_000, 1_000_000),
        ];
        Task sending = Task.Run(async () =>
        {
            foreach ((int offset, int size) in ranges)
            {
                await peer.SendFrameAsync([.. BitConverter.GetBytes(offset), .. BitConverter.GetBytes(size)]);
            }
        });
        foreach ((int offset, int size) in ranges)
        {
            byte[] expected =
            [
                .. "before"u8, .. file.Bytes.AsSpan(offset, size), .. "between"u8,
                .. file.Bytes.AsSpan(0, Math.Min(size, 1_000)), .. "after"u8,
            ];
            byte[] got = await peer.ReadFrameAsync();
            Assert.True(got.AsSpan().SequenceEqual(expected), $"range {offset}+{size}");
        }

        await sending;
        await Until.True(() => file.Released == 2 * ranges.Length, "all leases are released");
    }

    [Theory]
    [InlineData(FileRegionSending.Pread)]
    [InlineData(FileRegionSending.Sendfile)]
    public async Task A_slow_reader_gets_every_byte(FileRegionSending way)
    {
        const int FileBytes = 6_000_000;
        await using var host = new TestHost(
            new NetworkOptions { FileRegionSending = way, SocketSendBufferBytes = 20_000 });
        using var file = new TestFile(FileBytes);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            response.Output.WriteExternal(file.Region(0, FileBytes));
            response.Complete();
        };
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync(receiveBufferBytes: 10_000);
        await peer.SendFrameAsync([1]);
        await peer.SendFrameAsync([2]);
        await Until.Settled(() => connection.BytesSent);
        Assert.InRange(connection.BytesSent, 0, FileBytes - 1);
        Assert.Equal(2, connection.PendingResponses);
        Assert.Equal(0, file.Released);
        Assert.True((await peer.ReadFrameAsync()).AsSpan().SequenceEqual(file.Bytes));
        Assert.True((await peer.ReadFrameAsync()).AsSpan().SequenceEqual(file.Bytes));
        await Until.True(() => file.Released == 2, "both leases are released");
        peer.Dispose();
    }

    [Theory]
    [InlineData(FileRegionSending.Pread, 100)]
    [InlineData(FileRegionSending.Pread, 1_000_000)]
    [InlineData(FileRegionSending.Sendfile, 100)]
    [InlineData(FileRegionSending.Sendfile, 1_000_000)]
    public async Task A_file_that_became_shorter_closes_the_connection(FileRegionSending way, int size)
    {
        await using var host = new TestHost(new NetworkOptions { FileRegionSending = way });
        using var file = new TestFile(size);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            response.Output.WriteExternal(file.Region(0, size));
            host.Processor.Held.Enqueue(response);
        };
        using TestPeer peer = host.Connect();
        await peer.SendFrameAsync([1]);
        await Until.True(() => host.Processor.Held.Count == 1, "the request is held");
        file.Truncate(size / 2);
        host.Processor.TakeHeld().Complete();
        Assert.Null(await peer.TryReadFrameAsync());
        await Until.True(() => file.Released == 1, "the lease is released");
        Assert.Contains("the file ends at", Assert.Single(host.Log.LoudLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_region_leaves_in_one_send_with_the_bytes_around_it()
    {
        await using var host = new TestHost();
        using var file = new TestFile(5_000);
        host.Processor.OnRequest = (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            response.Output.Write("before"u8);
            response.Output.WriteExternal(file.Region(0, 5_000));
            response.Output.Write("after"u8);
            response.Complete();
        };
        (TestPeer peer, Connection connection) = await host.ConnectServedAsync();
        await peer.SendFrameAsync([1]);
        Assert.Equal(5_011, (await peer.ReadFrameAsync()).Length);
        await Until.True(() => connection.PendingResponses == 0, "the response is off the books");
        Assert.Equal(1, connection.Sends);
        peer.Dispose();
    }

    private static (long Offset, int Size) RangeOf(byte[] frame) =>
        (BitConverter.ToInt32(frame, 0), BitConverter.ToInt32(frame, 4));
}
