namespace FastLog.Load.Pacing;

/// <summary>
/// The times at which one producer's records are meant to be sent: evenly spaced, whatever happened to those before. It
/// has no clock: it says when the next one is due, and is told when that was taken.
/// </summary>
public struct PacingSchedule
{
    private readonly long _startNs;
    private readonly double _intervalNs;
    private long _takenCount;

    /// <param name="startNs">When the first is due.</param>
    /// <param name="recordsPerSecond">More than 0.</param>
    /// <param name="recordsCount">How many there are.</param>
    public PacingSchedule(long startNs, double recordsPerSecond, long recordsCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recordsPerSecond);
        ArgumentOutOfRangeException.ThrowIfNegative(recordsCount);
        _startNs = startNs;
        _intervalNs = 1e9 / recordsPerSecond;
        RecordsCount = recordsCount;
    }

    /// <summary>How many there are in all.</summary>
    public long RecordsCount { get; }

    /// <summary>Whether all were taken.</summary>
    public readonly bool IsEnded => _takenCount >= RecordsCount;

    /// <summary>When the next one is due, computed from the start: what was late adds nothing to what follows.</summary>
    public readonly long NextAtNs => IsEnded ? long.MaxValue : _startNs + (long)(_takenCount * _intervalNs);

    /// <summary>Whether the next one should have been sent by now.</summary>
    public readonly bool IsDue(long nowNs) => NextAtNs <= nowNs;

    /// <summary>The next one was taken.</summary>
    public void Take() => _takenCount++;

    /// <summary>The schedules of several producers that share a rate: each has every so-manieth time of all, so that
    /// together they are as even as one.</summary>
    public static PacingSchedule[] Share(long startNs, double recordsPerSecond, long recordsCount, int producersCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(producersCount);
        PacingSchedule[] schedules = new PacingSchedule[producersCount];
        for (int i = 0; i < producersCount; i++)
        {
            long startOfThisNs = startNs + (long)(i * 1e9 / recordsPerSecond);
            long count = (recordsCount / producersCount) + (i < recordsCount % producersCount ? 1 : 0);
            schedules[i] = new PacingSchedule(startOfThisNs, recordsPerSecond / producersCount, count);
        }

        return schedules;
    }
}
