using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Pacing;

/// <summary>
/// Sends every record at its intended time, whatever became of those before. One thread serves all clients: it sends
/// what is due and sleeps until the next is.
/// </summary>
/// <remarks>A client without room is tried again every millisecond. Its records keep the times they were meant for, so
/// that what they wait is part of their latency; the other clients keep their pace.</remarks>
internal sealed class OpenLoop(IReadOnlyList<IPacedLane> lanes, double recordsPerSecond)
{
    private const long RetryNs = 1_000_000;

    /// <summary>How soon the end of the load is noticed.</summary>
    private const long SleepNsMax = 50_000_000;

    /// <summary>After so many of one client, others have their turn.</summary>
    private const int RecordsPerTurn = 256;

    private readonly LatencyRecorder _lateness = new();
    private readonly LatencyRecorder _wakeLateness = new();

    /// <summary>Sends all of a quota; returns earlier when the load is to end.</summary>
    public Task RunAsync(LoadQuota quota, CancellationToken stop)
    {
        _lateness.Clear();
        _wakeLateness.Clear();
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() => Run(quota, ended, stop)) { Name = "pacing", IsBackground = true };
        thread.Start();
        return ended.Task;
    }

    /// <summary>How well the times of the last run were kept.</summary>
    public PacingSummary Summary(long refusalsCount) => new()
    {
        TargetRecordsPerSecond = recordsPerSecond,
        Lateness = LatencySummary.Of(_lateness.Total()),
        WakeLateness = LatencySummary.Of(_wakeLateness.Total()),
        RefusalsCount = refusalsCount,
    };

    private void Run(LoadQuota quota, TaskCompletionSource ended, CancellationToken stop)
    {
        try
        {
            PreciseSleep.Prepare();
            PacingSchedule[] schedules =
                PacingSchedule.Share(MonotonicClock.NowNs, recordsPerSecond, quota.RecordsCount, lanes.Count);
            while (!stop.IsCancellationRequested)
            {
                long wakeAtNs = SendDue(schedules, quota.UntilNs);
                if (wakeAtNs == long.MaxValue)
                {
                    break;
                }

                Sleep(wakeAtNs);
            }

            ended.SetResult();
        }
#pragma warning disable CA1031 // Whatever ends this thread ends the load, which shows it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ended.SetException(e);
        }
    }

    private void Sleep(long wakeAtNs)
    {
        long nowNs = MonotonicClock.NowNs;
        if (wakeAtNs <= nowNs)
        {
            return;
        }

        bool isShort = wakeAtNs - nowNs <= SleepNsMax;
        PreciseSleep.Until(isShort ? wakeAtNs : nowNs + SleepNsMax);
        if (isShort)
        {
            _wakeLateness.Record(MonotonicClock.NowNs - wakeAtNs);
        }
    }

    /// <summary>Sends what is due; returns when the next will be, or <see cref="long.MaxValue"/> at the end.</summary>
    private long SendDue(PacingSchedule[] schedules, long untilNs)
    {
        long wakeAtNs = long.MaxValue;
        long timestampMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (int i = 0; i < schedules.Length; i++)
        {
            ref PacingSchedule schedule = ref schedules[i];
            bool hasRoom = SendDue(lanes[i], ref schedule, untilNs, timestampMs);
            if (schedule.NextAtNs < untilNs)
            {
                wakeAtNs = Math.Min(wakeAtNs, hasRoom ? schedule.NextAtNs : MonotonicClock.NowNs + RetryNs);
            }
        }

        return wakeAtNs;
    }

    private bool SendDue(IPacedLane lane, ref PacingSchedule schedule, long untilNs, long timestampMs)
    {
        for (int left = RecordsPerTurn; left > 0; left--)
        {
            long intendedNs = schedule.NextAtNs;
            long nowNs = MonotonicClock.NowNs;
            if (intendedNs > nowNs || intendedNs >= untilNs)
            {
                return true;
            }

            if (!lane.TryAppend(intendedNs, timestampMs))
            {
                return false;
            }

            _lateness.Record(nowNs - intendedNs);
            schedule.Take();
        }

        return true;
    }
}
