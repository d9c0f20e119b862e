using FastLog.Protocol;
using FastLog.Raft;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <content>What operators change: features, leaders, replicas, brokers.</content>
public sealed partial class Controller
{
    /// <summary>Moves features to other levels, all or none. KAFKA_STORAGE_ERROR if the metadata log cannot be written,
    /// NOT_CONTROLLER when the node stops.</summary>
    /// <param name="nodeId">This node, for the messages.</param>
    /// <param name="updates">The features and their levels.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<UpdateFeaturesResult> UpdateFeaturesAsync(
        int nodeId, IReadOnlyList<FeatureUpdate> updates, bool validateOnly, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var (error, message, result) = await RunAsync(
            image => ControllerState.UpdateFeatures(image, nodeId, updates, validateOnly), cancellation).ConfigureAwait(false);
        if (result is { Error: ErrorCode.None } && !validateOnly)
        {
            _logger.LogInformation(
                "Features updated: {Updates}", string.Join(", ", updates.Select(update => $"{update.Name}={update.Level}")));
        }
        return result ?? new UpdateFeaturesResult(error, message);
    }

    /// <summary>Elects leaders by hand. KAFKA_STORAGE_ERROR for all of them if the metadata log cannot be written,
    /// NOT_CONTROLLER when the node stops.</summary>
    /// <param name="type">The preferred leader, or any.</param>
    /// <param name="partitions">The partitions; null means all, and then those that need no election are not answered.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    /// <returns>The error of all of them and what became of each; with an error and without partitions named, of none.</returns>
    public async ValueTask<(ErrorCode Error, IReadOnlyList<PartitionOutcome> Outcomes)> ElectLeadersAsync(
        ElectionType type, IReadOnlyList<TopicPartition>? partitions, CancellationToken cancellation = default)
    {
        // Elections do not hang together, and all partitions may be too many for one batch.
        var (error, message, outcomes) = await RunAsync(
            image => ControllerState.ElectLeaders(image, type, partitions), cancellation, isAtomic: false)
            .ConfigureAwait(false);
        return (
            error,
            outcomes
                ?? [.. (partitions ?? []).Select(asked => new PartitionOutcome(asked.Topic, asked.Partition, error, message))]);
    }

    /// <summary>Moves partitions to other replicas. KAFKA_STORAGE_ERROR for all of them if the metadata log cannot be
    /// written, NOT_CONTROLLER when the node stops.</summary>
    /// <param name="reassignments">The partitions and where they shall be.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<IReadOnlyList<PartitionOutcome>> AlterReassignmentsAsync(
        IReadOnlyList<PartitionReassignment> reassignments, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reassignments);
        var (error, message, outcomes) = await RunAsync(
            image => ControllerState.AlterReassignments(image, reassignments), cancellation, isAtomic: false)
            .ConfigureAwait(false);
        return outcomes
            ?? [.. reassignments.Select(wanted => new PartitionOutcome(wanted.Topic, wanted.Partition, error, message))];
    }

    /// <summary>Forgets a broker that is gone. KAFKA_STORAGE_ERROR if the metadata log cannot be written, NOT_CONTROLLER
    /// when the node stops.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="runningId">This broker, which cannot be forgotten.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    /// <returns>BROKER_ID_NOT_REGISTERED, or INVALID_REQUEST for this broker itself.</returns>
    public async ValueTask<ErrorCode> UnregisterBrokerAsync(
        int brokerId, int runningId, CancellationToken cancellation = default)
    {
        var outcome = await RunAsync(
            image => ControllerState.UnregisterBroker(image, brokerId, runningId), cancellation, isAtomic: false)
            .ConfigureAwait(false);
        if (outcome is { Error: ErrorCode.None, Result: ErrorCode.None })
        {
            _logger.LogInformation("Broker {BrokerId} unregistered", brokerId);
        }
        return outcome.Error == ErrorCode.None ? outcome.Result : outcome.Error;
    }
}
