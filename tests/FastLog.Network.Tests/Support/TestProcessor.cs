using System.Buffers;
using System.Collections.Concurrent;

namespace FastLog.Network.Tests;

/// <summary>Does with each request what the test says; echoes it when the test says nothing.</summary>
internal sealed class TestProcessor : IRequestProcessor
{
    private int _connected;
    private int _disconnected;
    private int _passes;

    public delegate void Handler(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response);

    public Handler OnRequest { get; set; } = Echo;

    public Action<Connection> OnPass { get; set; } = _ => { };

    /// <summary>Responses held by <see cref="Hold"/>.</summary>
    public ConcurrentQueue<PendingResponse> Held { get; } = new();

    public ConcurrentQueue<Connection> Seen { get; } = new();

    public int Connected => Volatile.Read(ref _connected);

    public int Disconnected => Volatile.Read(ref _disconnected);

    public int Passes => Volatile.Read(ref _passes);

    public static void Echo(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        frame.CopyTo(response.Output.GetSpan((int)frame.Length));
        response.Output.Advance((int)frame.Length);
        response.Complete();
    }

    /// <summary>Writes the echo and leaves the completion to the test.</summary>
    public void Hold(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        foreach (ReadOnlyMemory<byte> piece in frame)
        {
            response.Output.Write(piece.Span);
        }

        Held.Enqueue(response);
    }

    /// <summary>Holds the request and writes a short response only.</summary>
    public void HoldShort(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        frame.Slice(0, 4).CopyTo(response.Output.GetSpan(4));
        response.Output.Advance(4);
        Held.Enqueue(response);
    }

    public PendingResponse TakeHeld()
    {
        Assert.True(Held.TryDequeue(out PendingResponse? response));
        return response;
    }

    public void OnConnected(Connection connection)
    {
        Seen.Enqueue(connection);
        Interlocked.Increment(ref _connected);
    }

    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response) =>
        OnRequest(connection, frame, response);

    public void OnPassCompleted(Connection connection)
    {
        Interlocked.Increment(ref _passes);
        OnPass(connection);
    }

    public void OnDisconnected(Connection connection) => Interlocked.Increment(ref _disconnected);
}
