namespace FastLog.Client.Tests.Fakes;

/// <summary>The system's clock, and the longest that anybody wanted to wait.</summary>
internal sealed class RestingTime : TimeProvider
{
    private readonly Lock _gate = new();
    private TimeSpan _longest;

    public TimeSpan LongestRest
    {
        get
        {
            lock (_gate)
            {
                return _longest;
            }
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _longest = dueTime > _longest ? dueTime : _longest;
        }

        return base.CreateTimer(callback, state, dueTime, period);
    }
}
