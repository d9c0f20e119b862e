namespace FastLog.Network;

/// <summary>
/// The requests of one outgoing connection: those that wait to be sent, and behind them in time, those that wait for
/// their response. Responses come in the order of requests.
/// </summary>
/// <remarks>A state machine under one short lock; <c>_sending</c> is the ownership of the sending loop.</remarks>
internal sealed class RequestQueue(OutgoingConnectionOptions options)
{
    private const int HeldBytesMax = 64 * 1024;

    private readonly Lock _gate = new();
    private RequestList _unsent;
    private RequestList _inFlight;
    private long _unsentBytes;
    private bool _sending;
    private bool _isHeld;
    private ConnectionLostException? _failure;

    /// <summary>Requests that wait to be sent or for their response.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _unsent.Count + _inFlight.Count;
            }
        }
    }

    /// <summary>What ended the connection, or null.</summary>
    public ConnectionLostException? Failure => Volatile.Read(ref _failure);

    /// <summary>Queues a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="startSending">Whether the caller now owns the sending and must start it.</param>
    /// <returns>Null, or why the request was not taken.</returns>
    public Exception? TryAdd(PendingRequest request, out bool startSending)
    {
        lock (_gate)
        {
            startSending = false;
            if (_failure is not null)
            {
                return new ConnectionLostException(_failure.Message, _failure);
            }

            if (_unsent.Count >= options.RequestsQueuedMax)
            {
                return new InvalidOperationException(
                    $"{_unsent.Count} requests wait to be sent already (RequestsQueuedMax)");
            }

            _unsent.Append(request);
            _unsentBytes += request.Frame!.MessageBytes;
            startSending = (!_isHeld || _unsentBytes >= HeldBytesMax) && TryStartSending();
            return null;
        }
    }

    /// <summary>Moves what may be sent to the lists of the sending loop; nothing moved gives the sending up.</summary>
    /// <param name="frames">Gets the frames in order.</param>
    /// <param name="oneWay">Gets the requests that end when they were sent.</param>
    /// <returns>False when there was nothing to send.</returns>
    public bool TakeUnsent(List<FrameOutput> frames, List<PendingRequest> oneWay)
    {
        lock (_gate)
        {
            while (_failure is null && _inFlight.Count < options.RequestsInFlightMax
                && _unsent.TryTakeFirst(out PendingRequest? request))
            {
                frames.Add(request.Frame!);
                _unsentBytes -= request.Frame!.MessageBytes;
                request.Frame = null;
                if (request.ExpectsResponse)
                {
                    // Before it is sent: the response may be here before the send returns.
                    _inFlight.Append(request);
                }
                else
                {
                    oneWay.Add(request);
                }
            }

            _sending = frames.Count > 0;
            return _sending;
        }
    }

    /// <summary>Takes the request that a response belongs to.</summary>
    public PendingRequest? TakeAnswered()
    {
        lock (_gate)
        {
            return _inFlight.TryTakeFirst(out PendingRequest? request) ? request : null;
        }
    }

    /// <summary>
    /// Lets short requests wait until <see cref="TryResumeSending"/>: several responses that came together mostly lead
    /// to as many requests, which then leave in one send. What is worth a send of its own does not wait.
    /// </summary>
    public void Hold()
    {
        lock (_gate)
        {
            _isHeld = true;
        }
    }

    /// <summary>Whether responses made room to send and nobody is sending; the caller then owns the sending.
    /// Ends <see cref="Hold"/>.</summary>
    public bool TryResumeSending()
    {
        lock (_gate)
        {
            _isHeld = false;
            return TryStartSending();
        }
    }

    /// <summary>When the oldest unanswered request was queued, or null.</summary>
    public long? OldestTimestamp()
    {
        lock (_gate)
        {
            return (_inFlight.First ?? _unsent.First)?.StartedTimestamp;
        }
    }

    /// <summary>Ends the queue. Only the first failure counts.</summary>
    /// <param name="failure">What all requests fail with.</param>
    /// <param name="first">The requests to fail, linked by Next.</param>
    /// <param name="startSending">Whether the caller must start the sending loop so that it can end.</param>
    /// <returns>False when the queue had failed before.</returns>
    public bool TryFail(ConnectionLostException failure, out PendingRequest? first, out bool startSending)
    {
        lock (_gate)
        {
            first = null;
            startSending = false;
            if (_failure is not null)
            {
                return false;
            }

            Volatile.Write(ref _failure, failure);
            first = _inFlight.TakeAll(followedBy: _unsent.TakeAll());
            _unsentBytes = 0;
            startSending = !_sending;
            _sending = true;
            return true;
        }
    }

    private bool TryStartSending()
    {
        if (_sending || _failure is not null || _unsent.Count == 0
            || _inFlight.Count >= options.RequestsInFlightMax)
        {
            return false;
        }

        _sending = true;
        return true;
    }
}
