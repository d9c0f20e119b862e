using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace FastLog.Network.Tests;

[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "xunit calls DisposeAsync.")]
public sealed class SocketPipeReaderTests : IAsyncLifetime
{
    private readonly PinnedBlockPool _pool = new();
    private Socket _near = null!;
    private Socket _far = null!;
    private SocketPipeReader _reader = null!;

    public async Task InitializeAsync()
    {
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        _far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await _far.ConnectAsync(listening.LocalEndPoint!);
        _near = await listening.AcceptAsync();
        _reader = new SocketPipeReader(_near, _pool);
    }

    public Task DisposeAsync()
    {
        _reader.Complete();
        _near.Dispose();
        _far.Dispose();
        Assert.Equal(0, _pool.Outstanding);
        _pool.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_frames_in_random_pieces_arrive_as_sent(int seed)
    {
        var random = new Random(seed);
        byte[][] payloads = [.. Enumerable.Range(0, 200).Select(_ => RandomPayload(random))];
        byte[] stream = [.. payloads.SelectMany(payload => TestPeer.Frame(payload))];
        Task sending = Task.Run(async () =>
        {
            for (int start = 0; start < stream.Length;)
            {
                int length = Math.Min(random.Next(1, random.Next(2) == 0 ? 50 : 200_000), stream.Length - start);
                await _far.SendAsync(stream.AsMemory(start, length));
                start += length;
            }
        });

        int frames = 0;
        int needed = 1;
        while (frames < payloads.Length)
        {
            ReadResult result = await _reader.ReadAtLeastAsync(needed).AsTask().WaitAsync(Until.Limit);
            ReadOnlySequence<byte> buffer = result.Buffer;
            int sizeBytes;
            while (FrameDecoder.TryTake(ref buffer, int.MaxValue, out var frame, out sizeBytes) == FrameStatus.Complete)
            {
                Assert.True(frame.ToArray().AsSpan().SequenceEqual(payloads[frames]), $"seed {seed}, frame {frames}");
                frames++;
            }

            // Asking for the rest of the frame, for a single byte, and looking without examining must all work.
            needed = random.Next(2) == 0 ? 1 : 4 + sizeBytes;
            _reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await sending;
    }

    [Fact]
    public async Task What_was_not_examined_is_returned_at_once()
    {
        await _far.SendAsync(new byte[] { 1, 2, 3 });
        ReadResult first = await _reader.ReadAtLeastAsync(3);
        _reader.AdvanceTo(first.Buffer.GetPosition(1));
        ValueTask<ReadResult> second = _reader.ReadAsync();
        Assert.True(second.IsCompleted);
        Assert.Equal([2, 3], (await second).Buffer.ToArray());
        _reader.AdvanceTo((await _reader.ReadAsync()).Buffer.End);
        Assert.False(_reader.TryRead(out _));
    }

    [Fact]
    public async Task A_waiting_connection_holds_a_small_block_only()
    {
        await _far.SendAsync(new byte[300_000]);
        ReadResult read = await _reader.ReadAtLeastAsync(300_000);
        Assert.InRange(_pool.OutstandingBytes, 300_000, 1_000_000);
        _reader.AdvanceTo(read.Buffer.End);
        await _far.SendAsync(new byte[10]);
        _reader.AdvanceTo((await _reader.ReadAsync()).Buffer.End);

        ValueTask<ReadResult> waiting = _reader.ReadAsync();
        Assert.InRange(_pool.OutstandingBytes, 0, PinnedBlockPool.SmallBytes);
        await _far.SendAsync(new byte[1]);
        await waiting;
    }

    [Fact]
    public async Task Memory_follows_what_arrived_and_not_what_is_wanted()
    {
        const int Wanted = 100_000_000;
        await _far.SendAsync(new byte[10_000]);
        ValueTask<ReadResult> waiting = _reader.ReadAtLeastAsync(Wanted);
        await Until.True(() => _reader.BytesReceived == 10_000, "the bytes are received");
        Assert.InRange(_pool.OutstandingBytes, 10_000, 10_000 + (2 * PinnedBlockPool.MediumBytes));

        await _far.SendAsync(new byte[990_000]);
        await Until.True(() => _reader.BytesReceived == 1_000_000, "the bytes are received");
        Assert.InRange(_pool.OutstandingBytes, 1_000_000, 2_500_000);

        _far.Shutdown(SocketShutdown.Send);
        Assert.True((await waiting).IsCompleted);
    }

    [Fact]
    public async Task A_pending_read_can_be_cancelled_and_taken_up_again()
    {
        ValueTask<ReadResult> waiting = _reader.ReadAsync();
        _reader.CancelPendingRead();
        ReadResult canceled = await waiting.AsTask().WaitAsync(Until.Limit);
        Assert.True(canceled.IsCanceled);
        Assert.True(canceled.Buffer.IsEmpty);

        await _far.SendAsync(new byte[] { 7 });
        ReadResult read = await _reader.ReadAsync().AsTask().WaitAsync(Until.Limit);
        Assert.False(read.IsCanceled);
        Assert.Equal([7], read.Buffer.ToArray());
    }

    [Fact]
    public async Task The_end_of_the_stream_comes_with_what_is_left()
    {
        await _far.SendAsync(new byte[] { 1, 2 });
        _far.Shutdown(SocketShutdown.Send);
        ReadResult read = await _reader.ReadAtLeastAsync(100).AsTask().WaitAsync(Until.Limit);
        Assert.True(read.IsCompleted);
        Assert.Equal([1, 2], read.Buffer.ToArray());
    }

    private static byte[] RandomPayload(Random random)
    {
        int sizeMax = random.Next(5) switch { 0 => 10, 1 => 200, 2 => 5_000, 3 => 70_000, _ => 400_000 };
        byte[] payload = new byte[random.Next(sizeMax)];
        random.NextBytes(payload);
        return payload;
    }
}
