namespace FastLog.Coordination;

/// <summary>
/// Milliseconds since 1970 that never go back and do not jump when the machine's clock is set: sessions must not end, and
/// offsets not expire, because somebody corrected the time.
/// </summary>
/// <param name="time">The machine's clocks.</param>
public sealed class SteadyClock(TimeProvider time)
{
    private readonly long _startMs = time.GetUtcNow().ToUnixTimeMilliseconds();
    private readonly long _startTimestamp = time.GetTimestamp();

    /// <summary>The time now.</summary>
    public long NowMs => _startMs + (long)time.GetElapsedTime(_startTimestamp).TotalMilliseconds;
}
