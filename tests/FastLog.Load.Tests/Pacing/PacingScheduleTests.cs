using FastLog.Load.Pacing;

namespace FastLog.Load.Tests.Pacing;

public sealed class PacingScheduleTests
{
    private const long Start = 5_000_000_000;

    [Fact]
    public void Records_are_due_evenly_from_the_start()
    {
        PacingSchedule schedule = new(Start, recordsPerSecond: 1000, recordsCount: 3);
        Assert.False(schedule.IsDue(Start - 1));
        Assert.True(schedule.IsDue(Start));
        Assert.Equal([Start, Start + 1_000_000, Start + 2_000_000], TakeAllDue(ref schedule, nowNs: long.MaxValue - 1));
        Assert.True(schedule.IsEnded);
        Assert.Equal(long.MaxValue, schedule.NextAtNs);
    }

    [Fact]
    public void What_was_missed_keeps_its_time_and_delays_nothing()
    {
        PacingSchedule schedule = new(Start, recordsPerSecond: 10, recordsCount: 100);
        Assert.Single(TakeAllDue(ref schedule, Start));
        // Nobody looked for half a second.
        long[] late = TakeAllDue(ref schedule, Start + 500_000_000);
        Assert.Equal([1, 2, 3, 4, 5], late.Select(at => (at - Start) / 100_000_000));
        Assert.Equal(Start + 600_000_000, schedule.NextAtNs);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7_777)]
    [InlineData(999_983)]
    public void Odd_rates_do_not_drift(double recordsPerSecond)
    {
        const int Seconds = 100;
        long count = (long)(recordsPerSecond * Seconds);
        PacingSchedule schedule = new(Start, recordsPerSecond, count + 1);
        for (long taken = 0; taken < count; taken++)
        {
            schedule.Take();
        }

        Assert.InRange(schedule.NextAtNs - Start, (Seconds * 1_000_000_000L) - 1, (Seconds * 1_000_000_000L) + 1);
    }

    [Fact]
    public void Producers_that_share_a_rate_are_together_as_even_as_one()
    {
        PacingSchedule[] schedules = PacingSchedule.Share(Start, recordsPerSecond: 1000, recordsCount: 10, producersCount: 4);
        Assert.Equal([3L, 3L, 2L, 2L], schedules.Select(schedule => schedule.RecordsCount));
        List<long> times = [];
        for (int i = 0; i < schedules.Length; i++)
        {
            times.AddRange(TakeAllDue(ref schedules[i], long.MaxValue - 1));
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(i => Start + (i * 1_000_000L)), times.Order());
    }

    private static long[] TakeAllDue(ref PacingSchedule schedule, long nowNs)
    {
        List<long> taken = [];
        while (schedule.IsDue(nowNs))
        {
            taken.Add(schedule.NextAtNs);
            schedule.Take();
        }

        return [.. taken];
    }
}
