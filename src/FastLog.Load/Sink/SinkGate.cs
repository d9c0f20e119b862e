using FastLog.Network;

namespace FastLog.Load.Sink;

/// <summary>Lets acknowledgements through, or holds them until it is opened again, as a broker does that hangs.</summary>
public sealed class SinkGate
{
    private readonly Lock _gate = new();
    private readonly List<PendingResponse> _held = [];
    private readonly TaskCompletionSource _holding = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosed;

    /// <summary>Completes when the first acknowledgement is held.</summary>
    public Task Holding => _holding.Task;

    /// <summary>Completes when the first acknowledgement went through at once.</summary>
    public Task Passed => _passed.Task;

    /// <summary>Holds what comes from now on.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Lets go what was held, and what comes.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _isClosed = false;
            _held.ForEach(response => response.Complete());
            _held.Clear();
        }
    }

    internal void Pass(PendingResponse response)
    {
        if (_isClosed)
        {
            lock (_gate)
            {
                if (_isClosed)
                {
                    _held.Add(response);
                    _holding.TrySetResult();
                    return;
                }
            }
        }

        response.Complete();
        if (!_passed.Task.IsCompleted)
        {
            _passed.TrySetResult();
        }
    }
}
