using System.Buffers.Binary;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Hostile;

/// <summary>What became of the frames of a storm.</summary>
internal sealed class StormCount
{
    private int _answered;
    private int _closed;
    private int _held;

    /// <summary>Frames that were answered.</summary>
    public int Answered => _answered;

    /// <summary>Frames on which the server closed the connection.</summary>
    public int Closed => _closed;

    /// <summary>Frames that were neither answered nor closed for seconds, as a fetch may that waits for more records.</summary>
    public int Held => _held;

    /// <summary>All frames the server has dealt with.</summary>
    public int Frames => _answered + _closed + _held;

    /// <summary>Counts frames that were answered.</summary>
    public void Answer(int frames) => Interlocked.Add(ref _answered, frames);

    /// <summary>Counts a frame that ended its connection.</summary>
    public void Close() => Interlocked.Increment(ref _closed);

    /// <summary>Counts a frame that was given up on.</summary>
    public void Hold() => Interlocked.Increment(ref _held);

    /// <inheritdoc/>
    public override string ToString() => $"{Answered} answered, {Closed} closed, {Held} held";
}

/// <summary>
/// Sends frames in bursts down one connection after another. Each payload gets its place as its correlation id, so the
/// answers tell how far the server came when it closed; the next connection goes on behind the frame that did it.
/// </summary>
internal sealed class FrameStorm(int port, StormCount count)
{
    private const int BurstFrames = 64;
    private const int LastCorrelationId = int.MaxValue;

    // An ApiVersions request behind every burst: its answer means that the whole burst has been dealt with.
    private static readonly byte[] EndOfBurst = RawSocket.Frame(18, 0, [], LastCorrelationId);
    private static readonly TimeSpan BurstTimeMax = TimeSpan.FromSeconds(3);

    /// <summary>Sends <paramref name="frames"/> payloads that <paramref name="next"/> makes.</summary>
    public async Task RunAsync(Func<byte[]> next, int frames)
    {
        var pending = new Queue<byte[]>();
        RawSocket? socket = null;
        try
        {
            for (int made = 0; made < frames || pending.Count > 0;)
            {
                for (; made < frames && pending.Count < BurstFrames; made++)
                {
                    pending.Enqueue(next());
                }

                socket ??= await RawSocket.OpenAsync(port);
                if (!await BurstAsync(socket, pending))
                {
                    socket.Dispose();
                    socket = null;
                }
            }
        }
        finally
        {
            socket?.Dispose();
        }
    }

    // Takes from the queue what the server has dealt with; false when the connection is of no more use.
    private async Task<bool> BurstAsync(RawSocket socket, Queue<byte[]> pending)
    {
        Task sending = socket.SendAsync(Bytes(pending));
        using var deadline = new CancellationTokenSource(BurstTimeMax);
        int last = 0;
        try
        {
            while (await socket.ReceiveAsync(deadline.Token) is { } answer)
            {
                int correlationId = BinaryPrimitives.ReadInt32BigEndian(answer);
                if (correlationId == LastCorrelationId)
                {
                    await sending;
                    count.Answer(pending.Count);
                    pending.Clear();
                    return true;
                }

                Assert.InRange(correlationId, last + 1, pending.Count);
                last = correlationId;
            }

            count.Close();
        }
        catch (OperationCanceledException)
        {
            count.Hold();
        }

        // The frame behind the last answered one is what the connection ended on. (A produce without
        // acknowledgement before it is not seen here and is sent again: it is counted no less often than dealt with.)
        count.Answer(last);
        for (int dealtWith = Math.Min(last + 1, pending.Count); dealtWith > 0; dealtWith--)
        {
            pending.Dequeue();
        }

        socket.Dispose();
        await sending;
        return false;
    }

    private static byte[] Bytes(IEnumerable<byte[]> payloads)
    {
        var writer = new WireWriter();
        int correlationId = 0;
        foreach (byte[] payload in payloads)
        {
            correlationId++;
            if (payload.Length >= FrameMutator.CorrelationIdEnd)
            {
                BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(FrameMutator.CorrelationIdEnd - sizeof(int)), correlationId);
            }

            writer.Bytes(payload);
        }

        return writer.Raw(EndOfBurst).ToArray();
    }
}
