using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FastLog.Network;

/// <summary>
/// Sends frames with few calls: short parts are copied together, long ones stay where they lie, and both leave in one
/// vectored send.
/// </summary>
/// <remarks>
/// <para>A produce request is a short head, a batch of records and a tail of a few bytes. Sent one by one, each of the
/// three is a segment of its own that wakes the broker: measured with batches of 128 KiB, the kernel's share of a
/// producer's CPU time was twice what it is with one send for all.</para>
/// <para>Used by one sending loop at a time; allocates nothing.</para>
/// </remarks>
internal sealed class GatheredSend(SocketSendBuffer output)
{
    /// <summary>Parts from this size on are sent without a copy.</summary>
    internal const int DirectBytesMin = 4 * 1024;

    /// <summary>The runtime's vectored send allocates above so many.</summary>
    private const int PiecesMax = 8;

    private readonly List<ArraySegment<byte>> _pieces = new(PiecesMax);
    private int _copiedStart;

    /// <summary>Adds a sealed frame, whose memory must stay until <see cref="FlushAsync"/> has ended; sends when there is
    /// enough.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask AppendAsync(FrameOutput frame)
    {
        for (int i = 0; i < frame.PartsCount; i++)
        {
            FramePart part = frame.PartAt(i);
            Invariant.Check(part.Region is null, "a request cannot carry a part of a file");
            if (part.Bytes.Length < DirectBytesMin)
            {
                if (part.Bytes.Length > output.Space.Length)
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                part.Bytes.Span.CopyTo(output.Space.Span);
                output.Advance(part.Bytes.Length);
            }
            else
            {
                // One place is left for what is copied after it.
                if (_pieces.Count > PiecesMax - 3)
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                AddCopied();
                Add(part.Bytes);
            }
        }
    }

    /// <summary>Sends everything that was added.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask FlushAsync()
    {
        AddCopied();
        while (_pieces.Count > 0)
        {
            int sent = _pieces.Count == 1 ? 0 : SendNow();
            if (sent == 0)
            {
                // As memory: the overload for an array segment allocates a task.
                ReadOnlyMemory<byte> first = _pieces[0];
                sent = await output.Socket.SendAsync(first, SocketFlags.None).ConfigureAwait(false);
            }

            output.CountSent(sent);
            Drop(sent);
        }

        output.DropGathered();
        _copiedStart = 0;
    }

    /// <summary>Forgets what a failed send left.</summary>
    public void Clear()
    {
        _pieces.Clear();
        _copiedStart = 0;
        output.DropGathered();
    }

    /// <summary>Sends what the socket takes at once; 0 when it has to be waited for.</summary>
    private int SendNow()
    {
        int sent = output.Socket.Send(_pieces, SocketFlags.None, out SocketError error);
        return error is SocketError.Success or SocketError.WouldBlock
            ? Math.Max(sent, 0)
            : throw new SocketException((int)error);
    }

    private void AddCopied()
    {
        ReadOnlyMemory<byte> copied = output.Gathered[_copiedStart..];
        if (!copied.IsEmpty)
        {
            _copiedStart += copied.Length;
            Add(copied);
        }
    }

    private void Add(ReadOnlyMemory<byte> bytes)
    {
        bool isArray = MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> piece);
        Invariant.Check(isArray, "records to be sent lie in an array");
        _pieces.Add(piece);
    }

    private void Drop(int sent)
    {
        int whole = 0;
        while (whole < _pieces.Count && sent >= _pieces[whole].Count)
        {
            sent -= _pieces[whole++].Count;
        }

        _pieces.RemoveRange(0, whole);
        if (sent > 0)
        {
            _pieces[0] = _pieces[0][sent..];
        }
    }
}
