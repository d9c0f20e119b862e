namespace FastLog.Storage.Tests;

/// <summary>A clock that stands until it is moved. Its timers never fire: due work is asked for.</summary>
public sealed class ManualClock : TimeProvider
{
    public const long StartMs = 1_700_000_000_000;

    private long _nowMs = StartMs;

    public long NowMs
    {
        get => Volatile.Read(ref _nowMs);
        set => Volatile.Write(ref _nowMs, value);
    }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new StillTimer();

    private sealed class StillTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
