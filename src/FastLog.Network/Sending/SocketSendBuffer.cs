using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace FastLog.Network;

/// <summary>
/// What goes out of one socket: short pieces are gathered in a pooled block and leave in one send, long pieces leave
/// from where they lie, file regions by an <see cref="IFileRegionSender"/>.
/// </summary>
/// <remarks>
/// <para>Used by one sending loop at a time. The block is held only between the first piece and
/// <see cref="FlushAsync"/>.</para>
/// <para>Gathering copies: a response of a broker is mostly below 200 bytes, for which a copy costs less than the
/// entry of a vectored send, and Socket's list of buffers allocates above eight of them.</para>
/// </remarks>
public sealed class SocketSendBuffer
{
    /// <summary>Pieces from this size on are sent without a copy.</summary>
    public const int DirectBytesMin = 16 * 1024;

    private readonly PinnedBlockPool _pool;
    private readonly IFileRegionSender _regions;
    private PinnedBlock? _block;
    private int _filled;
    private long _bytesSent;

    internal SocketSendBuffer(Socket socket, PinnedBlockPool pool, IFileRegionSender regions)
    {
        Socket = socket;
        _pool = pool;
        _regions = regions;
    }

    /// <summary>The socket, non-blocking.</summary>
    public Socket Socket { get; }

    /// <summary>All bytes sent so far; may be read by any thread.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>How many sends the gathered pieces took; for tests and figures.</summary>
    public long Sends { get; private set; }

    /// <summary>Awaited before each read of a file: the disk may have to be waited for, and after a wait for the socket the
    /// loop may be on a thread that looks after many sockets.</summary>
    internal PoolHop Hop { get; } = new();

    /// <summary>The free rest of the gathering block, not empty after <see cref="FlushAsync"/>.</summary>
    public Memory<byte> Space => (_block ??= _pool.RentBlock(PinnedBlockPool.MediumBytes)).Memory[_filled..];

    /// <summary>The gathered bytes that were not sent yet.</summary>
    public ReadOnlyMemory<byte> Gathered => _block is null ? default : _block.Memory[.._filled];

    /// <summary>Says that the first bytes of <see cref="Space"/> were filled.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Space.Length);
        _filled += bytes;
    }

    /// <summary>Sends what was gathered.</summary>
    public ValueTask FlushAsync()
    {
        if (_filled == 0)
        {
            return default;
        }

        int bytes = _filled;
        _filled = 0;
        return SendAsync(_block!.Memory[..bytes]);
    }

    /// <summary>Sends bytes at once; whatever was gathered must have been flushed before.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        Invariant.Check(_filled == 0, "bytes would overtake gathered ones");
        while (!bytes.IsEmpty)
        {
            int sent = await Socket.SendAsync(bytes, SocketFlags.None).ConfigureAwait(false);
            CountSent(sent);
            bytes = bytes[sent..];
        }
    }

    /// <summary>Counts bytes that a region sender put on the socket itself.</summary>
    public void CountSent(long bytes)
    {
        Sends++;
        Volatile.Write(ref _bytesSent, _bytesSent + bytes);
    }

    /// <summary>Forgets gathered bytes that were sent by other means than <see cref="FlushAsync"/>.</summary>
    internal void DropGathered() => _filled = 0;

    /// <summary>Adds a sealed frame; sends when the block is full or a part is long.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask AppendAsync(FrameOutput frame)
    {
        for (int i = 0; i < frame.PartsCount; i++)
        {
            FramePart part = frame.PartAt(i);
            if (part.Region is { } region)
            {
                await _regions.SendAsync(this, region).ConfigureAwait(false);
            }
            else if (part.Bytes.Length >= DirectBytesMin)
            {
                await FlushAsync().ConfigureAwait(false);
                await SendAsync(part.Bytes).ConfigureAwait(false);
            }
            else
            {
                if (part.Bytes.Length > Space.Length)
                {
                    await FlushAsync().ConfigureAwait(false);
                }

                part.Bytes.Span.CopyTo(Space.Span);
                Advance(part.Bytes.Length);
            }
        }
    }

    /// <summary>Gives the block back; what was gathered and not sent is lost.</summary>
    internal void Release()
    {
        _block?.Dispose();
        _block = null;
        _filled = 0;
    }
}
