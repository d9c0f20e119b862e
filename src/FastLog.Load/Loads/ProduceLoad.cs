using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.Load.Producing;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Fills a topic and waits for every acknowledgement.</summary>
/// <remarks>
/// In a closed loop a record's latency runs from the moment it was handed to the client. At full speed most of it is the
/// queue in the generator's own buffer, so it bounds the broker's share from above and says little else. In an open loop
/// it runs from the time the record was meant to be sent, whenever it was.
/// </remarks>
public sealed class ProduceLoad(LoadTarget target, ProduceSettings settings, LoadExtent extent)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">A record was not acknowledged.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        string? flushMessages = await LoadTopic.EnsureAsync(target, cancellationToken).ConfigureAwait(false);
        return await RunAsync(LoadKind.Produce, flushMessages, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The same without looking at the topic.</summary>
    internal async Task<LoadResult> RunAsync(LoadKind kind, string? flushMessages, CancellationToken cancellationToken)
    {
        using LoadStop stop = new(cancellationToken);
        await using ProducerFleet producers =
            await ProducerFleet.OpenAsync(target, settings, carriesTime: false, stop).ConfigureAwait(false);
        await RunAsync(producers, "warm-up", LoadQuota.Of(extent.WarmupRecordsCount), stop).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        using LoadMeter meter = LoadMeter.Start(target, producers, null, stop);
        LoadQuota quota = LoadQuota.Of(extent.RecordsCount, extent.Duration);
        await RunAsync(producers, "produce", quota, stop).ConfigureAwait(false);
        return meter.Stop(kind, producers, extent, flushMessages);
    }

    private async Task RunAsync(ProducerFleet producers, string phase, LoadQuota quota, LoadStop stop)
    {
        if (quota.RecordsCount > 0)
        {
            using IDisposable progress = LiveProgress.Start(
                target, phase, quota.RecordsCount, () => producers.Acknowledged.RecordsCount);
            await producers.RunAsync(quota, stop.Token).ConfigureAwait(false);
        }
    }
}
