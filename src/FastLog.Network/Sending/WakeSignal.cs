using System.Threading.Tasks.Sources;

namespace FastLog.Network;

/// <summary>
/// A signal that one loop awaits again and again: each wait is ended by exactly one <see cref="Set"/>.
/// </summary>
/// <remarks>The owner guards that between two waits there is one Set. Costs no allocation.</remarks>
internal sealed class WakeSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <param name="continuesOnPool">False: the waiting loop goes on inside of <see cref="Set"/>, on that thread.</param>
    public WakeSignal(bool continuesOnPool) => _core.RunContinuationsAsynchronously = continuesOnPool;

    public ValueTask WaitAsync() => new(this, _core.Version);

    public void Set() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        _core.GetResult(token);
        _core.Reset();
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
