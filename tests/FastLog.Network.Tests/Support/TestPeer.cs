using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FastLog.Network.Tests;

/// <summary>The other end of a connection, spoken to byte by byte.</summary>
internal sealed class TestPeer : IDisposable
{
    public TestPeer(IPEndPoint endPoint, int receiveBufferBytes = -1)
    {
        Socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBufferBytes > 0)
        {
            Socket.ReceiveBufferSize = receiveBufferBytes;
        }

        Socket.Connect(endPoint);
    }

    public Socket Socket { get; }

    public static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame.AsSpan(4));
        return frame;
    }

    public static byte[] NumberedFrame(int number, int payloadBytes = 8)
    {
        byte[] payload = new byte[payloadBytes];
        BinaryPrimitives.WriteInt32BigEndian(payload, number);
        return Frame(payload);
    }

    public static int NumberOf(byte[] payload) => BinaryPrimitives.ReadInt32BigEndian(payload);

    /// <summary>A byte of a frame, which may be split anywhere.</summary>
    public static byte ByteAt(in ReadOnlySequence<byte> frame, int index) => frame.Slice(index, 1).ToArray()[0];

    public Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        Socket.SendAsync(bytes, SocketFlags.None).AsTask().WaitAsync(Until.Limit);

    public Task SendFrameAsync(ReadOnlySpan<byte> payload) => SendAsync(Frame(payload));

    public async Task<byte[]> ReadFrameAsync() => await TryReadFrameAsync() ?? throw new EndOfStreamException();

    /// <summary>The next frame, or null when the connection ended before it.</summary>
    public async Task<byte[]?> TryReadFrameAsync()
    {
        byte[] size = new byte[4];
        if (!await TryFillAsync(size))
        {
            return null;
        }

        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        return await TryFillAsync(payload) ? payload : null;
    }

    /// <summary>Expects that the other side closes, and nothing else.</summary>
    public async Task AssertClosedAsync()
    {
        byte[] one = new byte[1];
        Assert.False(await TryFillAsync(one), "a byte came where the connection was to end");
    }

    public void Reset()
    {
        Socket.LingerState = new LingerOption(true, 0);
        Socket.Dispose();
    }

    public void Dispose() => Socket.Dispose();

    private async Task<bool> TryFillAsync(Memory<byte> target)
    {
        try
        {
            while (!target.IsEmpty)
            {
                int received = await Socket.ReceiveAsync(target, SocketFlags.None).AsTask().WaitAsync(Until.Limit);
                if (received == 0)
                {
                    return false;
                }

                target = target[received..];
            }

            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
