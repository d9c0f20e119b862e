using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>AlterPartitionReassignments (KIP-455): answered when the replicas are where they shall be.</summary>
internal sealed class AlterPartitionReassignmentsHandler(Controller controller)
    : RequestHandler<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>
{
    public override ApiKey ApiKey => ApiKey.AlterPartitionReassignments;

    internal override async ValueTask<AlterPartitionReassignmentsResponse> HandleAsync(
        RequestContext context, AlterPartitionReassignmentsRequest request)
    {
        var wanted = request.Topics
            .SelectMany(topic => topic.Partitions.Select(partition => new PartitionReassignment(
                topic.Name, partition.PartitionIndex, partition.Replicas is { } replicas ? [.. replicas] : null)))
            .ToList();
        var outcomes = await controller.AlterReassignmentsAsync(wanted, CancellationToken.None).ConfigureAwait(false);
        var response = new AlterPartitionReassignmentsResponse { ErrorMessage = null };
        foreach (var topic in outcomes.GroupBy(outcome => outcome.Topic))
        {
            var entry = response.Responses.Add();
            entry.Name = topic.Key;
            foreach (var outcome in topic)
            {
                var partition = entry.Partitions.Add();
                partition.PartitionIndex = outcome.Partition;
                partition.ErrorCode = outcome.Error;
                partition.ErrorMessage = outcome.Message;
            }
        }

        return response;
    }
}
