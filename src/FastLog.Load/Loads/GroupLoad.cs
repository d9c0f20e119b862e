using FastLog.Client;
using FastLog.Load.Measuring;
using FastLog.Load.Membership;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Many groups with members: how long they take to become stable, and what their heartbeats cost at rest.</summary>
/// <remarks>A heartbeat's latency runs from the moment it is sent.</remarks>
public sealed class GroupLoad(LoadTarget target, GroupSettings settings, TimeSpan rest)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <exception cref="LoadFailedException">The groups do not become or stay stable, or a connection was lost.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached, or refuses the topic.</exception>
    /// <exception cref="ProcessGoneException">The broker's process is not there.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the groups were stable.</exception>
    public async Task<LoadResult> RunAsync(CancellationToken cancellationToken)
    {
        await LoadTopic.EnsureAsync(target, cancellationToken).ConfigureAwait(false);
        using LoadStop stop = new(cancellationToken);
        await using MemberFleet fleet = await MemberFleet.OpenAsync(target, settings, stop).ConfigureAwait(false);
        long? residentBefore = target.BrokerPid is { } pid ? new ProcessProbe(pid).Take().ResidentBytes : null;
        Measurement forming = Measurement.Start(target.BrokerPid);
        using (LiveProgress.Start(target, "groups", settings.GroupsCount, () => fleet.Counts.StableCount))
        {
            await fleet.FormAsync().ConfigureAwait(false);
        }

        Measured formed = forming.Stop();
        long formingRebalances = fleet.Counts.RebalancesCount;
        using LoadMeter meter = LoadMeter.Start(target, fleet, null, stop);
        using (LiveProgress.Start(target, "heartbeats", long.MaxValue, () => fleet.Counts.HeartbeatsCount))
        {
            await fleet.RestAsync(rest).ConfigureAwait(false);
        }

        // Heartbeats go on: their count is taken once, with their latencies.
        LatencySummary latency = LatencySummary.Of(fleet.Latency.Total());
        FlowResult flow = fleet.Flow(meter.StartNs) with { RecordsCount = latency.Count, BatchesCount = latency.Count };
        (Measured measured, IReadOnlyList<TimelineSample> timeline) = meter.Stop();
        LoadResult result = new()
        {
            Kind = LoadKind.Groups,
            StartedAt = meter.StartedAt,
            IsInterrupted = stop.IsInterrupted,
            PartitionsCount = target.PartitionsCount,
            RecordSizeBytes = 0,
            RecordsCount = flow.RecordsCount,
            BytesCount = 0,
            WarmupRecordsCount = 0,
            Measured = measured,
            Produced = flow,
            AcknowledgementLatency = latency,
            Timeline = timeline,
            Groups = new GroupsSummary
            {
                Protocol = settings.IsConsumerProtocol ? "consumer" : "classic",
                GroupsCount = settings.GroupsCount,
                MembersCount = fleet.MembersCount,
                ConnectionsCount = fleet.ConnectionsCount,
                StableSeconds = formed.Seconds,
                FormingBrokerCpuSeconds = formed.Broker?.CpuSeconds,
                FormingRebalancesCount = formingRebalances,
                RestRebalancesCount = fleet.Counts.RebalancesCount,
                ResidentBytesBefore = residentBefore,
                ErrorsByName = fleet.Counts.Errors.ByName(),
            },
        };
        await fleet.LeaveAsync().ConfigureAwait(false);
        return result;
    }
}
