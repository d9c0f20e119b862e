using System.Buffers;
using System.Net.Sockets;

namespace FastLog.Network.Tests;

/// <summary>Counts the bytes that the whole process allocates, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTestsAreAlone;

[Collection(nameof(AllocationTests))]
public sealed class AllocationTests
{
    private const int RequestBytes = 150;
    private const int RequestsPerSend = 20;
    private const int RoundsPerWindow = 500;
    private const int Windows = 10;

    [Fact]
    public Task An_answered_request_allocates_nothing() => MeasureAsync(TestProcessor.Echo, RequestBytes);

    [Fact]
    public Task Nor_does_one_that_another_thread_answers() => MeasureAsync(
        (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        {
            frame.CopyTo(response.Output.GetSpan((int)frame.Length));
            response.Output.Advance((int)frame.Length);
            ThreadPool.UnsafeQueueUserWorkItem(static pending => pending.Complete(), response, preferLocal: false);
        },
        RequestBytes,
        // The test's own work item is an object for each request; what is on top of it counts.
        ownBytesPerRequest: 40);

    [Fact]
    public async Task Nor_does_a_file_region()
    {
        using var file = new TestFile(RequestBytes);
        await MeasureAsync(
            (Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
            {
                response.Output.WriteExternal(FileRegion.Rent(file.Handle, 0, RequestBytes));
                response.Complete();
            },
            RequestBytes);
    }

    [Fact]
    public async Task Nor_does_a_pipelined_request_on_the_connecting_side()
    {
        await using var host = new TestHost();
        await using OutgoingConnection connection = await OutgoingConnection.ConnectAsync(
            "127.0.0.1", host.EndPoint.Port, new OutgoingConnectionOptions(), host.Pool);
        async Task RunAsync(int rounds)
        {
            var pending = new ValueTask<ResponseFrame>[RequestsPerSend];
            for (int round = 0; round < rounds; round++)
            {
                for (int i = 0; i < pending.Length; i++)
                {
                    FrameOutput frame = connection.RentFrame();
                    frame.GetSpan(RequestBytes)[..RequestBytes].Clear();
                    frame.Advance(RequestBytes);
#pragma warning disable CA2012 // Each is awaited once, below: pipelining is what is measured.
                    pending[i] = connection.SendAsync(0, frame);
#pragma warning restore CA2012
                }

                for (int i = 0; i < pending.Length; i++)
                {
                    (await pending[i]).Dispose();
                }
            }
        }

        await RunAsync(RoundsPerWindow);
        long[] windows = new long[Windows];
        for (int i = 0; i < Windows; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(RoundsPerWindow);
            windows[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        AssertNothing(windows, 0);
    }

    private static async Task MeasureAsync(TestProcessor.Handler handler, int responseBytes, int ownBytesPerRequest = 0)
    {
        await using var host = new TestHost();
        host.Processor.OnRequest = handler;
        using TestPeer peer = host.Connect();
        await Task.Run(() =>
        {
            byte[] sent = [.. Enumerable.Range(0, RequestsPerSend).SelectMany(i => TestPeer.NumberedFrame(i, RequestBytes))];
            byte[] received = new byte[(4 + responseBytes) * RequestsPerSend];
            Exchange(peer.Socket, sent, received, RoundsPerWindow);
            long[] windows = new long[Windows];
            for (int i = 0; i < Windows; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                Exchange(peer.Socket, sent, received, RoundsPerWindow);
                windows[i] = GC.GetTotalAllocatedBytes(precise: true) - before;
            }

            AssertNothing(windows, ownBytesPerRequest);
        });
    }

    private static void Exchange(Socket socket, byte[] sent, byte[] received, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            socket.Send(sent);
            for (int filled = 0; filled < received.Length;)
            {
                filled += socket.Receive(received.AsSpan(filled));
            }
        }
    }

    /// <summary>The test host itself allocates now and then, so the quietest of the windows counts.</summary>
    private static void AssertNothing(long[] windows, int ownBytesPerRequest)
    {
        double perRequest = windows.Min() / (double)(RoundsPerWindow * RequestsPerSend);
        Assert.True(
            perRequest < ownBytesPerRequest + 0.5,
            $"{perRequest:f3} bytes are allocated per request: {string.Join(' ', windows)}");
    }
}
