using FastLog.Load.Loads;
using FastLog.Load.Measuring;

namespace FastLog.Load.Producing;

/// <summary>Sends as fast as the clients take records: each producer appends until its buffer memory is full, then waits
/// until there is room. All share the few threads of the pool.</summary>
internal static class ClosedLoop
{
    /// <summary>The clock is read once for so many records: their latencies are exact to the time that appending them
    /// takes, a few microseconds.</summary>
    private const int RecordsPerClockReading = 32;

    /// <summary>After so many of one producer, others have their turn.</summary>
    private const int RecordsPerTurn = 8192;

    /// <summary>Appends all of a quota; returns earlier when the load is to end.</summary>
    public static Task RunAsync(IReadOnlyList<ProducerLane> lanes, LoadQuota quota, CancellationToken stop) =>
        Task.WhenAll(lanes.Select((lane, index) =>
            Task.Run(() => RunAsync(lane, quota.ShareOf(index, lanes.Count), quota.UntilNs, stop), CancellationToken.None)));

    private static async Task RunAsync(ProducerLane lane, long count, long untilNs, CancellationToken stop)
    {
        long end = lane.AppendedCount + Math.Min(count, long.MaxValue - lane.AppendedCount);
        while (lane.AppendedCount < end && !stop.IsCancellationRequested && MonotonicClock.NowNs < untilNs)
        {
            if (TryAppend(lane, (int)Math.Min(RecordsPerTurn, end - lane.AppendedCount), untilNs))
            {
                await Task.Yield();
                continue;
            }

            try
            {
                await lane.WaitForSpaceAsync(stop).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>False when the buffer memory is full before.</summary>
    private static bool TryAppend(ProducerLane lane, int count, long untilNs)
    {
        while (count > 0)
        {
            long nowNs = MonotonicClock.NowNs;
            if (nowNs >= untilNs)
            {
                return true;
            }

            long timestampMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            for (int left = Math.Min(RecordsPerClockReading, count); left > 0; left--, count--)
            {
                if (!lane.TryAppend(nowNs, timestampMs))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
