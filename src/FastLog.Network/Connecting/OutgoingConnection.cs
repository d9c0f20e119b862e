using System.Net;
using System.Net.Sockets;

namespace FastLog.Network;

/// <summary>
/// A connection to a broker that carries many requests at once: frames leave in the order of <see cref="SendAsync"/>,
/// responses are matched in that order and checked by their correlation id.
/// </summary>
/// <remarks>
/// <para>Thread-safe. Requests queued while a send is under way leave together in the next one. The sending runs on the
/// thread of the caller as far as the socket takes the bytes.</para>
/// <para>A request: <see cref="RentFrame"/>, write header and body to it (records by
/// <see cref="MemoryRecords"/>, which are not copied), then <see cref="SendAsync"/>, awaited exactly once.</para>
/// <para>Any failure ends the connection and fails all requests with <see cref="ConnectionLostException"/>.</para>
/// </remarks>
public sealed partial class OutgoingConnection : IAsyncDisposable
{
    private readonly OutgoingConnectionOptions _options;
    private readonly PinnedBlockPool _pool;
    private readonly TimeProvider _time;
    private readonly Socket _socket;
    private readonly SocketPipeReader _reader;
    private readonly SocketSendBuffer _output;
    private readonly GatheredSend _gathered;
    private readonly RequestQueue _queue;
    private readonly WakeSignal _senderWake = new(continuesOnPool: false);
    private readonly ObjectStack<PendingRequest> _freeRequests = new(capacity: 4096);
    private readonly ObjectStack<FrameOutput> _freeFrames = new(capacity: 4096);
    private readonly List<FrameOutput> _batch = [];
    private readonly List<PendingRequest> _batchOneWay = [];
    private readonly ITimer? _timeouts;
    private readonly Task _loops;

    private OutgoingConnection(Socket socket, PinnedBlockPool pool, OutgoingConnectionOptions options, TimeProvider time)
    {
        _socket = socket;
        _pool = pool;
        _options = options;
        _time = time;
        _socket.Blocking = false;
        RemoteEndPoint = (IPEndPoint)socket.RemoteEndPoint!;
        _reader = new SocketPipeReader(socket, pool);
        _output = new SocketSendBuffer(socket, pool, new PreadRegionSender());
        _gathered = new GatheredSend(_output);
        _queue = new RequestQueue(options);
        _loops = Task.WhenAll(SendLoopAsync(), Task.Run(ReadLoopAsync));
        if (options.RequestTimeoutMs > 0)
        {
            TimeSpan period = TimeSpan.FromMilliseconds(Math.Max(1, options.RequestTimeoutMs / 4));
            _timeouts = time.CreateTimer(_ => CheckTimeout(), null, period, period);
        }
    }

    /// <summary>The broker.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>Whether the connection still works, as far as is known.</summary>
    public bool IsOpen => _queue.Failure is null;

    /// <summary>Requests that wait to be sent or for their response.</summary>
    public int RequestsPending => _queue.Count;

    /// <summary>Bytes sent so far.</summary>
    public long BytesSent => _output.BytesSent;

    /// <summary>How many sends there were.</summary>
    internal long Sends => _output.Sends;

    /// <summary>Bytes received so far.</summary>
    public long BytesReceived => _reader.BytesReceived;

    /// <summary>Ends when the connection has ended and holds nothing any more.</summary>
    public Task Ended => _loops;

    /// <summary>Connects.</summary>
    /// <param name="host">An address or a name.</param>
    /// <param name="port">The port.</param>
    /// <param name="options">Bounds and settings.</param>
    /// <param name="pool">Where received and sent bytes live; stays the caller's.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="ConnectionLostException">There is no connection, or not in time.</exception>
    public static async Task<OutgoingConnection> ConnectAsync(
        string host,
        int port,
        OutgoingConnectionOptions options,
        PinnedBlockPool pool,
        TimeProvider? time = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(pool);
        time ??= TimeProvider.System;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(options.ConnectTimeoutMs), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            socket.NoDelay = true;
            SetBufferSizes(socket, options);
            await socket.ConnectAsync(host, port, either.Token).ConfigureAwait(false);
            return new OutgoingConnection(socket, pool, options, time);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (cancellationToken.IsCancellationRequested || e is not (SocketException or OperationCanceledException))
            {
                throw;
            }

            string reason = e is OperationCanceledException ? "not in time" : e.Message;
            throw new ConnectionLostException($"cannot connect to {host}:{port}: {reason}", e);
        }
    }

    /// <summary>An empty frame to encode a request into; ends in a send or in <see cref="ReturnFrame"/>.</summary>
    public FrameOutput RentFrame() => _freeFrames.TryPop(out FrameOutput? frame) ? frame : new FrameOutput(_pool);

    /// <summary>Drops a frame that is not sent after all.</summary>
    public void ReturnFrame(FrameOutput frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Clear();
        _freeFrames.Push(frame);
    }

    /// <summary>Sends a request and waits for its response.</summary>
    /// <param name="correlationId">The id in the header of the request, which the response must carry too.</param>
    /// <param name="frame">The encoded request; belongs to the connection from here on, in every outcome.</param>
    /// <returns>The response, to be disposed by the caller. Await exactly once.</returns>
    /// <exception cref="ConnectionLostException">The connection ended first.</exception>
    /// <exception cref="InvalidOperationException">Too many requests wait to be sent.</exception>
    public ValueTask<ResponseFrame> SendAsync(int correlationId, FrameOutput frame)
    {
        PendingRequest request = Prepare(correlationId, frame, expectsResponse: true);
        // Taken before others see the request: it may be answered before this returns.
        var result = new ValueTask<ResponseFrame?>(request, request.Version);
        Exception? refusal = Enqueue(request);
        return refusal is null ? result! : ValueTask.FromException<ResponseFrame>(refusal);
    }

    /// <summary>Sends a request that gets no response (produce with acks=0); ends when the socket took it.</summary>
    /// <param name="frame">The encoded request; belongs to the connection from here on, in every outcome.</param>
    /// <exception cref="ConnectionLostException">The connection ended first.</exception>
    /// <exception cref="InvalidOperationException">Too many requests wait to be sent.</exception>
    public ValueTask SendOneWayAsync(FrameOutput frame)
    {
        PendingRequest request = Prepare(0, frame, expectsResponse: false);
        var result = new ValueTask(request, request.Version);
        Exception? refusal = Enqueue(request);
        return refusal is null ? result : ValueTask.FromException(refusal);
    }

    /// <summary>Closes the connection; what is pending fails.</summary>
    public async ValueTask DisposeAsync()
    {
        Fail(new ConnectionLostException("the connection was closed on this side"));
        if (_timeouts is not null)
        {
            await _timeouts.DisposeAsync().ConfigureAwait(false);
        }

        await _loops.ConfigureAwait(false);
    }

    private PendingRequest Prepare(int correlationId, FrameOutput frame, bool expectsResponse)
    {
        ArgumentNullException.ThrowIfNull(frame);
        frame.Seal();
        PendingRequest request = _freeRequests.TryPop(out PendingRequest? free)
            ? free
            : new PendingRequest(_freeRequests, _options.ContinuesOnReadLoop);
        request.Frame = frame;
        request.CorrelationId = correlationId;
        request.ExpectsResponse = expectsResponse;
        request.StartedTimestamp = _time.GetTimestamp();
        return request;
    }

    private Exception? Enqueue(PendingRequest request)
    {
        Exception? refusal = _queue.TryAdd(request, out bool startSending);
        if (refusal is not null)
        {
            ReturnFrame(request.Frame!);
            request.Frame = null;
            _freeRequests.Push(request);
        }
        else if (startSending)
        {
            _senderWake.Set();
        }

        return refusal;
    }

    private void CheckTimeout()
    {
        if (_queue.OldestTimestamp() is { } oldest
            && _time.GetElapsedTime(oldest).TotalMilliseconds > _options.RequestTimeoutMs)
        {
            Fail(Lost($"a request was not answered within {_options.RequestTimeoutMs} ms", null));
        }
    }

    private void Fail(ConnectionLostException failure)
    {
        if (!_queue.TryFail(failure, out PendingRequest? request, out bool startSending))
        {
            return;
        }

        _socket.Dispose();
        while (request is not null)
        {
            // The request may be in use again as soon as it has failed.
            PendingRequest? next = request.Next;
            request.Next = null;
            if (request.Frame is { } frame)
            {
                request.Frame = null;
                ReturnFrame(frame);
            }

            request.Fail(failure);
            request = next;
        }

        if (startSending)
        {
            _senderWake.Set();
        }
    }

    private ConnectionLostException Lost(string reason, Exception? cause) =>
        new($"connection to {RemoteEndPoint} lost: {reason}", cause!);

    private static void SetBufferSizes(Socket socket, OutgoingConnectionOptions options)
    {
        if (options.SocketReceiveBufferBytes > 0)
        {
            socket.ReceiveBufferSize = options.SocketReceiveBufferBytes;
        }

        if (options.SocketSendBufferBytes > 0)
        {
            socket.SendBufferSize = options.SocketSendBufferBytes;
        }
    }
}
