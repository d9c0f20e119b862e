using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace FastLog.Interop.Wire;

/// <summary>
/// One connection to a broker that keeps many requests in flight and demands their answers in the order of the
/// requests. When the connection breaks, every request without an answer fails with an <see cref="IOException"/>.
/// </summary>
internal sealed class WireConnection : IAsyncDisposable
{
    private const int ResponseBytesMax = 64 << 20;

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly ConcurrentQueue<(int CorrelationId, TaskCompletionSource<byte[]> Answer)> _inFlight = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private Task _receiving = Task.CompletedTask;
    private int _correlationId;
    private volatile bool _broken;

    private WireConnection()
    {
    }

    /// <summary>Connects to 127.0.0.1.</summary>
    public static async Task<WireConnection> OpenAsync(int port)
    {
        var connection = new WireConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, port);
        connection._receiving = connection.ReceiveAsync();
        return connection;
    }

    /// <summary>Sends one request with a header of version 1 and completes with the answer behind its correlation id.</summary>
    public async Task<byte[]> SendAsync(short apiKey, short version, ReadOnlyMemory<byte> body)
    {
        await _sending.WaitAsync();
        var answer = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            int correlationId = ++_correlationId;
            _inFlight.Enqueue((correlationId, answer));
            byte[] header = new WireWriter().Int16(apiKey).Int16(version).Int32(correlationId).String("interop").ToArray();
            byte[] frame = new WireWriter().Int32(header.Length + body.Length).Raw(header).Raw(body.Span).ToArray();
            await _client.GetStream().WriteAsync(frame);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            FailAll(e);
        }
        finally
        {
            _sending.Release();
        }

        if (_broken)
        {
            // The receiving side may have failed all that waited just before this request joined them.
            FailAll(new IOException("The connection is closed."));
        }

        return await answer.Task;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _client.Dispose();
        await _receiving;
        _closing.Dispose();
        _sending.Dispose();
    }

    private async Task ReceiveAsync()
    {
        Exception reason = new IOException("The broker closed the connection.");
        try
        {
            NetworkStream stream = _client.GetStream();
            byte[] size = new byte[sizeof(int)];
            while (await stream.ReadAtLeastAsync(size, size.Length, throwOnEndOfStream: false, _closing.Token) == size.Length)
            {
                int length = BinaryPrimitives.ReadInt32BigEndian(size);
                Assert.InRange(length, sizeof(int), ResponseBytesMax);
                byte[] payload = new byte[length];
                await stream.ReadExactlyAsync(payload, _closing.Token);
                Answer(payload);
            }
        }
        catch (Exception e)
        {
            reason = e;
        }

        _broken = true;
        FailAll(reason);
    }

    private void Answer(byte[] payload)
    {
        int correlationId = BinaryPrimitives.ReadInt32BigEndian(payload);
        Assert.True(_inFlight.TryDequeue(out (int CorrelationId, TaskCompletionSource<byte[]> Answer) request), "An answer to no request.");
        if (correlationId == request.CorrelationId)
        {
            request.Answer.SetResult(payload[sizeof(int)..]);
            return;
        }

        var outOfOrder = new InvalidDataException($"Answer {correlationId} came where {request.CorrelationId} is due.");
        request.Answer.SetException(outOfOrder);
        throw outOfOrder;
    }

    private void FailAll(Exception reason)
    {
        while (_inFlight.TryDequeue(out (int CorrelationId, TaskCompletionSource<byte[]> Answer) request))
        {
            request.Answer.TrySetException(reason is InvalidDataException ? reason : new IOException(reason.Message, reason));
        }
    }
}
