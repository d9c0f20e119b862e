using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>CreateTopics: answered when the topics are in the metadata log and their partitions can be written to.</summary>
internal sealed class CreateTopicsHandler(Controller controller, LiveBrokerConfig config)
    : RequestHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    public override ApiKey ApiKey => ApiKey.CreateTopics;

    internal override async ValueTask<CreateTopicsResponse> HandleAsync(
        RequestContext context, CreateTopicsRequest request)
    {
        var wanted = request.Topics.Select(ToNewTopic).ToList();
        var results = await controller
            .CreateTopicsAsync(wanted, request.ValidateOnly, CancellationToken.None)
            .ConfigureAwait(false);
        var response = new CreateTopicsResponse();
        foreach (var result in results)
        {
            Describe(response.Topics.Add(), result);
        }

        return response;
    }

    private static NewTopic ToNewTopic(CreateTopicsRequest.CreatableTopic topic) => new()
    {
        Name = topic.Name,
        PartitionsCount = topic.NumPartitions,
        ReplicationFactor = topic.ReplicationFactor,
        Assignments =
        [
            .. topic.Assignments.Select(
                assignment => new NewPartition(assignment.PartitionIndex, [.. assignment.BrokerIds])),
        ],
        Configs = [.. topic.Configs.Select(given => KeyValuePair.Create(given.Name, given.Value))],
    };

    private void Describe(CreateTopicsResponse.CreatableTopicResult entry, CreateTopicResult result)
    {
        entry.Name = result.Name;
        entry.TopicId = result.TopicId;
        entry.ErrorCode = result.Error;
        entry.ErrorMessage = result.Error == ErrorCode.None ? null : result.Message ?? result.Error.Message();
        if (result.Error != ErrorCode.None)
        {
            entry.Configs = null;
            return;
        }

        entry.NumPartitions = result.PartitionsCount;
        entry.ReplicationFactor = (short)result.ReplicationFactor;
        entry.Configs = [];
        foreach (var effective in ConfigDescriber.DescribeTopic(config.TopicIn(controller.Current, result.Overrides), null))
        {
            var described = entry.Configs.Add();
            described.Name = effective.Name;
            described.Value = effective.Value;
            described.ReadOnly = effective.IsReadOnly;
            described.ConfigSource = (sbyte)effective.Source;
            described.IsSensitive = effective.IsSensitive;
        }
    }
}
