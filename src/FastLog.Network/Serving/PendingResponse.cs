using FastLog.Protocol;

namespace FastLog.Network;

/// <summary>
/// The response that a request waits for. Written to by one thread at a time; completed once, by any thread.
/// </summary>
/// <remarks>
/// Pooled: after one of the completing calls the object belongs to the next request and must not be touched.
/// Responses leave in the order of their requests, whatever the order of completion. If the connection died meanwhile,
/// completing drops what was written and releases its file regions.
/// </remarks>
public sealed class PendingResponse
{
    private readonly FrameOutput _frame;
    private RequestTimes _times;

    internal PendingResponse(PinnedBlockPool pool) => _frame = new FrameOutput(pool);

    /// <summary>Where the response is written: header and body, without the size field.</summary>
    public IMessageOutput Output => _frame;

    /// <summary>The connection that the request came from.</summary>
    public Connection Connection => Queue?.Connection ?? throw new InvalidOperationException("the response was sent");

    internal FrameOutput Frame => _frame;

    internal ResponseQueue? Queue { get; set; }

    internal PendingResponse? Next { get; set; }

    internal ResponseState State { get; set; }

    /// <summary>What the request, and its response once completed, count against the bounds.</summary>
    internal long ChargedBytes { get; set; }

    internal string? CloseReason { get; private set; }

    /// <summary>When what happened to the request.</summary>
    internal ref RequestTimes Times => ref _times;

    /// <summary>
    /// The request is handled and waits from here on: for a disk, for records, for other threads. To be called before
    /// another thread may complete the response.
    /// </summary>
    public void MarkWaiting() => _times.MarkWaiting();

    /// <summary>The response is written; it leaves when all before it have left.</summary>
    public void Complete()
    {
        _frame.Seal();
        _times.MarkCompleted();
        OwningQueue().Complete(this, ResponseState.Ready);
    }

    /// <summary>The request gets no response (produce with acks=0).</summary>
    public void CompleteWithoutResponse()
    {
        _frame.Clear();
        _times.MarkCompleted();
        OwningQueue().Complete(this, ResponseState.NoResponse);
    }

    /// <summary>The connection is closed when all requests before this one were answered.</summary>
    /// <param name="reason">For the log.</param>
    public void CloseConnection(string reason)
    {
        _frame.Clear();
        CloseReason = reason;
        _times.MarkCompleted();
        OwningQueue().Complete(this, ResponseState.Close);
    }

    internal void Reset()
    {
        _frame.Clear();
        Queue = null;
        Next = null;
        ChargedBytes = 0;
        CloseReason = null;
        _times = default;
        State = ResponseState.Free;
    }

    private ResponseQueue OwningQueue() =>
        Queue ?? throw new InvalidOperationException("a response was completed twice");
}
