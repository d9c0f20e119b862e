using FastLog.Client;
using FastLog.Load.Consuming;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Reads a topic as fast as it comes, and touches every record: its offset and its value.</summary>
public sealed class ConsumeLoad(LoadTarget target, ConsumeSettings settings, LoadExtent extent)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">The records do not come, or not in order.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or has no such topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        using LoadStop stop = new(cancellationToken);
        if (extent.WarmupRecordsCount > 0)
        {
            await using ConsumerFleet warming =
                await ConsumerFleet.StartAsync(target, settings, readsTimes: false, stop).ConfigureAwait(false);
            await ReachAsync(warming, "warm-up", extent.WarmupRecordsCount, long.MaxValue).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        using LoadMeter meter = LoadMeter.Start(target, null, null, stop);
        await using ConsumerFleet consumers =
            await ConsumerFleet.StartAsync(target, settings, readsTimes: false, stop).ConfigureAwait(false);
        meter.Follow(consumers);
        long untilNs = extent.Duration is { } duration
            ? MonotonicClock.NowNs + (long)(duration.TotalSeconds * 1e9)
            : long.MaxValue;
        await ReachAsync(consumers, "consume", extent.RecordsCount, untilNs).ConfigureAwait(false);
        FlowResult consumed = consumers.Flow(meter.StartNs);
        (Measured measured, IReadOnlyList<TimelineSample> timeline) = meter.Stop();
        return new LoadResult
        {
            Kind = LoadKind.Consume,
            StartedAt = meter.StartedAt,
            IsInterrupted = stop.IsInterrupted,
            PartitionsCount = consumers.PartitionsCount,
            RecordSizeBytes = (int)(consumed.BytesCount / Math.Max(1, consumed.RecordsCount)),
            RecordsCount = consumed.RecordsCount,
            BytesCount = consumed.BytesCount,
            WarmupRecordsCount = extent.WarmupRecordsCount,
            Measured = measured,
            Consumed = consumed,
            Timeline = timeline,
        };
    }

    private async Task ReachAsync(ConsumerFleet consumers, string phase, long recordsCount, long untilNs)
    {
        using IDisposable progress = LiveProgress.Start(target, phase, recordsCount, () => consumers.Counts.RecordsCount);
        await consumers.ReachAsync(phase, recordsCount, untilNs).ConfigureAwait(false);
    }
}
