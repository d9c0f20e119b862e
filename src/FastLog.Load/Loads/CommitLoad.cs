using FastLog.Client;
using FastLog.Load.Committing;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Many groups commit offsets; at the end the broker must have the newest that it acknowledged to each.</summary>
/// <remarks>In an open loop latencies run from the time a commit was meant to be sent, whenever it was.</remarks>
public sealed class CommitLoad(LoadTarget target, CommitSettings settings, LoadExtent extent)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">A connection was lost, or an acknowledged offset.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        await LoadTopic.EnsureAsync(target, cancellationToken).ConfigureAwait(false);
        using LoadStop stop = new(cancellationToken);
        await using CommitFleet fleet = await CommitFleet.OpenAsync(target, settings, stop).ConfigureAwait(false);
        await RunAsync(fleet, "warm-up", LoadQuota.Of(extent.WarmupRecordsCount)).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();

        using LoadMeter meter = LoadMeter.Start(target, fleet, null, stop);
        await RunAsync(fleet, "commit", LoadQuota.Of(extent.RecordsCount, extent.Duration)).ConfigureAwait(false);
        FlowResult flow = fleet.Flow(meter.StartNs);
        (Measured measured, IReadOnlyList<TimelineSample> timeline) = meter.Stop();
        return new LoadResult
        {
            Kind = LoadKind.Commits,
            StartedAt = meter.StartedAt,
            IsInterrupted = stop.IsInterrupted,
            PartitionsCount = settings.PartitionsCount,
            RecordSizeBytes = 0,
            RecordsCount = flow.RecordsCount,
            BytesCount = 0,
            WarmupRecordsCount = extent.WarmupRecordsCount,
            Measured = measured,
            Produced = flow,
            AcknowledgementLatency = LatencySummary.Of(fleet.Latency.Total()),
            Pacing = fleet.Pacing(),
            Timeline = timeline,
            Commits = new CommitsSummary
            {
                GroupsCount = settings.GroupsCount,
                ConnectionsCount = flow.ClientsCount,
                OffsetsPerCommit = settings.PartitionsCount,
                ErrorsByName = fleet.ErrorsByName,
                OffsetsVerifiedCount = stop.IsInterrupted ? 0 : await fleet.JudgeAsync().ConfigureAwait(false),
            },
        };
    }

    private async Task RunAsync(CommitFleet fleet, string phase, LoadQuota quota)
    {
        if (quota.RecordsCount > 0)
        {
            using IDisposable progress = LiveProgress.Start(target, phase, quota.RecordsCount, () => fleet.Count);
            await fleet.RunAsync(quota).ConfigureAwait(false);
        }
    }
}
