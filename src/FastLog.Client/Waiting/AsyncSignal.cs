using System.Threading.Tasks.Sources;

namespace FastLog.Client;

/// <summary>
/// A signal that one loop waits for again and again. Set while nobody waits, it ends the next wait at once; setting it
/// twice is setting it once. Costs no allocation.
/// </summary>
internal sealed class AsyncSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int IsSet = 1;
    private const int IsAwaited = 2;

    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private int _state;

    /// <summary>Waits; one waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, IsSet) == IsSet)
        {
            return default;
        }

        _core.Reset();
        short version = _core.Version;
        int before = Interlocked.CompareExchange(ref _state, IsAwaited, Idle);
        if (before == Idle)
        {
            return new ValueTask(this, version);
        }

        Invariant.Check(before == IsSet, "two wait for one signal");
        Volatile.Write(ref _state, Idle);
        return default;
    }

    public void Set()
    {
        if (Interlocked.Exchange(ref _state, IsSet) == IsAwaited)
        {
            Volatile.Write(ref _state, Idle);
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
