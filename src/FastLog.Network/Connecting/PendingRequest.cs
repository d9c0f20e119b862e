using System.Threading.Tasks.Sources;

namespace FastLog.Network;

/// <summary>A request on its way and the promise of its response. Goes back to the pool when the response is taken.
/// </summary>
internal sealed class PendingRequest : IValueTaskSource<ResponseFrame?>, IValueTaskSource
{
    private readonly ObjectStack<PendingRequest> _free;
    private ManualResetValueTaskSourceCore<ResponseFrame?> _core;

    public PendingRequest(ObjectStack<PendingRequest> free, bool continuesOnReadLoop)
    {
        _free = free;
        _core.RunContinuationsAsynchronously = !continuesOnReadLoop;
    }

    /// <summary>The encoded request, until the sending loop takes it.</summary>
    public FrameOutput? Frame { get; set; }

    public int CorrelationId { get; set; }

    /// <summary>False for a request that gets no response: it ends when it was sent.</summary>
    public bool ExpectsResponse { get; set; }

    public long StartedTimestamp { get; set; }

    public PendingRequest? Next { get; set; }

    public short Version => _core.Version;

    public void Succeed(ResponseFrame? response) => _core.SetResult(response);

    public void Fail(ConnectionLostException exception) => _core.SetException(exception);

    public ResponseFrame? GetResult(short token)
    {
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            _free.Push(this);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
