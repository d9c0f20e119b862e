namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A clock that jumps from event to event, each run on the thread that calls; timers are events too.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    public const long StartMs = 1_700_000_000_000;

    private readonly PriorityQueue<Action, (long AtMs, long Order)> _events = new();
    private long _order;

    public long NowMs { get; private set; } = StartMs;

    public override long TimestampFrequency => 1_000;

    public override long GetTimestamp() => NowMs;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void After(long delayMs, Action action) => _events.Enqueue(action, (NowMs + delayMs, _order++));

    /// <summary>Runs the next event that is due by then; false, with the clock there, when there is none.</summary>
    public bool RunNext(long untilMs)
    {
        if (!_events.TryPeek(out var action, out var place) || place.AtMs > untilMs)
        {
            NowMs = Math.Max(NowMs, untilMs);
            return false;
        }

        _events.Dequeue();
        NowMs = place.AtMs;
        action();
        return true;
    }

    public void Advance(long durationMs)
    {
        var untilMs = NowMs + durationMs;
        while (RunNext(untilMs))
        {
        }
    }

    private sealed class SimulatedTimer(SimulatedTime time, Action action) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _setting++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Expect(_setting, (long)dueTime.TotalMilliseconds, (long)period.TotalMilliseconds);
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Expect(int setting, long delayMs, long periodMs) => time.After(delayMs, () =>
        {
            if (setting != _setting)
            {
                return;
            }

            if (periodMs > 0)
            {
                Expect(setting, periodMs, periodMs);
            }

            action();
        });
    }
}
