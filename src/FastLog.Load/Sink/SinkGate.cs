using FastLog.Network;

namespace FastLog.Load.Sink;

/// <summary>Lets acknowledgements through, or holds them until it is opened again, as a broker does that hangs.</summary>
public sealed class SinkGate
{
    private readonly Lock _gate = new();
    private readonly List<PendingResponse> _held = [];
    private volatile bool _isClosed;

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
                    return;
                }
            }
        }

        response.Complete();
    }
}
