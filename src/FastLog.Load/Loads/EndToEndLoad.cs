using FastLog.Client;
using FastLog.Load.Consuming;
using FastLog.Load.Measuring;
using FastLog.Load.Producing;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Produces at a rate while consumers read the tail, and measures from the time a record was meant to be sent
/// until a consumer had it.</summary>
/// <remarks>Every value begins with that time, in eight bytes; producers and consumers are in one process and so read one
/// clock.</remarks>
public sealed class EndToEndLoad(
    LoadTarget target, ProduceSettings produce, ConsumeSettings consume, LoadExtent extent)
{
    /// <summary>The smallest value that has room for the time.</summary>
    public const int RecordSizeBytesMin = RecordSource.TimeBytes;

    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">A record was not acknowledged, or did not come.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        string? flushMessages = await LoadTopic.EnsureAsync(target, cancellationToken).ConfigureAwait(false);
        using LoadStop stop = new(cancellationToken);
        await using ProducerFleet producers =
            await ProducerFleet.OpenAsync(target, produce, carriesTime: true, stop).ConfigureAwait(false);
        await using ConsumerFleet consumers = await ConsumerFleet
            .StartAsync(target, consume with { ReadsTail = true }, readsTimes: true, stop).ConfigureAwait(false);
        await RunAsync(producers, consumers, "warm-up", LoadQuota.Of(extent.WarmupRecordsCount), stop)
            .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        using LoadMeter meter = LoadMeter.Start(target, producers, consumers, stop);
        LoadQuota quota = LoadQuota.Of(extent.RecordsCount, extent.Duration);
        await RunAsync(producers, consumers, "end-to-end", quota, stop).ConfigureAwait(false);
        FlowResult consumed = consumers.Flow(meter.StartNs);
        return meter.Stop(LoadKind.EndToEnd, producers, extent, flushMessages) with
        {
            RecordsCount = consumed.RecordsCount,
            BytesCount = consumed.BytesCount,
            Consumed = consumed,
            EndToEndLatency = LatencySummary.Of(consumers.EndToEnd!.Total()),
        };
    }

    /// <summary>Sends, and waits until all that was acknowledged was read.</summary>
    private async Task RunAsync(
        ProducerFleet producers, ConsumerFleet consumers, string phase, LoadQuota quota, LoadStop stop)
    {
        if (quota.RecordsCount == 0)
        {
            return;
        }

        long readBefore = consumers.Counts.RecordsCount;
        long storedBefore = producers.Acknowledged.RecordsCount;
        using IDisposable progress = LiveProgress.Start(
            target, phase, quota.RecordsCount, () => consumers.Counts.RecordsCount - readBefore);
        await producers.RunAsync(quota, stop.Token).ConfigureAwait(false);
        long stored = producers.Acknowledged.RecordsCount - storedBefore;
        await consumers.ReachAsync(phase, readBefore + stored, long.MaxValue).ConfigureAwait(false);
    }
}
