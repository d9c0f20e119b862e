using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Storage;

namespace FastLog.Broker.Handlers;

/// <summary>ElectLeaders (KIP-183, KIP-460): answered when those elected lead.</summary>
internal sealed class ElectLeadersHandler(Controller controller) : RequestHandler<ElectLeadersRequest, ElectLeadersResponse>
{
    public override ApiKey ApiKey => ApiKey.ElectLeaders;

    internal override async ValueTask<ElectLeadersResponse> HandleAsync(RequestContext context, ElectLeadersRequest request)
    {
        var response = new ElectLeadersResponse();
        var type = (ElectionType)request.ElectionType;
        if (type is not (ElectionType.Preferred or ElectionType.Unclean))
        {
            response.ErrorCode = ErrorCode.InvalidRequest;
            return response;
        }

        var asked = request.TopicPartitions?
            .SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition)))
            .ToList();
        var (error, outcomes) = await controller
            .ElectLeadersAsync(type, asked, CancellationToken.None)
            .ConfigureAwait(false);
        // Version 0 has no place for it but the partitions.
        response.ErrorCode = context.Version >= 1 ? error : ErrorCode.None;
        foreach (var topic in outcomes.GroupBy(outcome => outcome.Topic))
        {
            var entry = response.ReplicaElectionResults.Add();
            entry.Topic = topic.Key;
            foreach (var outcome in topic)
            {
                var partition = entry.PartitionResult.Add();
                partition.PartitionId = outcome.Partition;
                partition.ErrorCode = outcome.Error;
                partition.ErrorMessage = outcome.Message;
            }
        }

        return response;
    }
}
