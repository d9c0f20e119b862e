using FastLog.Client;
using FastLog.Load.Consuming;
using FastLog.Load.Measuring;
using FastLog.Load.Producing;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Consumers that catch up: they read what lies in a topic from its start while producers go on storing.</summary>
/// <remarks>First a backlog is produced, as fast as it goes. Then the clock starts, and the load ends when as many records
/// were read as the backlog has; producers stop then, or when they have sent all they should.</remarks>
/// <param name="target">Where.</param>
/// <param name="produce">How to produce while the backlog is read.</param>
/// <param name="consume">How to read.</param>
/// <param name="backlogRecordsCount">How many records are stored before the clock starts.</param>
/// <param name="extent">The most to be produced meanwhile.</param>
public sealed class MixedLoad(
    LoadTarget target, ProduceSettings produce, ConsumeSettings consume, long backlogRecordsCount, LoadExtent extent)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">A record was not acknowledged, or did not come.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        string? flushMessages = await LoadTopic.EnsureAsync(target, cancellationToken).ConfigureAwait(false);
        using LoadStop stop = new(cancellationToken);
        await StoreBacklogAsync(stop).ConfigureAwait(false);
        await using ProducerFleet producers =
            await ProducerFleet.OpenAsync(target, produce, carriesTime: false, stop).ConfigureAwait(false);
        if (extent.WarmupRecordsCount > 0)
        {
            await producers.RunAsync(LoadQuota.Of(extent.WarmupRecordsCount), stop.Token).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();
        using LoadMeter meter = LoadMeter.Start(target, producers, null, stop);
        LoadQuota quota = LoadQuota.Of(extent.RecordsCount, extent.Duration);
        using CancellationTokenSource caughtUp = CancellationTokenSource.CreateLinkedTokenSource(stop.Token);
        Task producing = producers.RunAsync(quota, caughtUp.Token);
        await using ConsumerFleet consumers = await ConsumerFleet
            .StartAsync(target, consume with { ReadsTail = false }, readsTimes: false, stop).ConfigureAwait(false);
        meter.Follow(consumers);
        using (LiveProgress.Start(target, "mixed", backlogRecordsCount, () => consumers.Counts.RecordsCount))
        {
            await consumers.ReachAsync("mixed", backlogRecordsCount, quota.UntilNs).ConfigureAwait(false);
        }

        FlowResult consumed = consumers.Flow(meter.StartNs);
        await caughtUp.CancelAsync().ConfigureAwait(false);
        await producing.ConfigureAwait(false);
        LoadResult result = meter.Stop(LoadKind.Mixed, producers, extent, flushMessages);
        return result with
        {
            RecordsCount = result.RecordsCount + consumed.RecordsCount,
            BytesCount = result.BytesCount + consumed.BytesCount,
            Consumed = consumed,
        };
    }

    private async Task StoreBacklogAsync(LoadStop stop)
    {
        ProduceSettings atFullSpeed = produce with { RateRecordsPerSecond = null };
        await using ProducerFleet producers =
            await ProducerFleet.OpenAsync(target, atFullSpeed, carriesTime: false, stop).ConfigureAwait(false);
        using IDisposable progress = LiveProgress.Start(
            target, "backlog", backlogRecordsCount, () => producers.Acknowledged.RecordsCount);
        await producers.RunAsync(LoadQuota.Of(backlogRecordsCount), stop.Token).ConfigureAwait(false);
    }
}
