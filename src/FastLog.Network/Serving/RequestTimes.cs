namespace FastLog.Network;

/// <summary>
/// The moments in a request's life, as timestamps of the clock; all 0, and no clock read, while nobody listens. The
/// phases follow each other and add up to the whole.
/// </summary>
internal struct RequestTimes
{
    private RequestLatency? _latency;
    private long _received;
    private long _waiting;
    private long _completed;

    /// <summary>The request was received, together with all others of its pass.</summary>
    public void Begin(RequestLatency latency, long received)
    {
        _latency = latency;
        _received = received;
    }

    /// <summary>Handling is over and the request waits. Only the first call counts.</summary>
    public void MarkWaiting()
    {
        if (_latency is { } latency && _waiting == 0)
        {
            _waiting = latency.Now();
        }
    }

    /// <summary>The response is written.</summary>
    public void MarkCompleted()
    {
        if (_latency is { } latency)
        {
            _completed = latency.Now();
        }
    }

    /// <summary>The response has left.</summary>
    public readonly void Record(long sent) => _latency?.Record(_received, _waiting, _completed, sent);
}
