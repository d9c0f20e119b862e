using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>ConsumerGroupDescribe: groups of the consumer protocol with their members and assignments (KIP-848).</summary>
internal sealed class ConsumerGroupDescribeHandler(GroupCoordinator groups)
    : RequestHandler<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse>
{
    public override ApiKey ApiKey => ApiKey.ConsumerGroupDescribe;

    internal override async ValueTask<ConsumerGroupDescribeResponse> HandleAsync(
        RequestContext context, ConsumerGroupDescribeRequest request)
    {
        var response = new ConsumerGroupDescribeResponse();
        var descriptions = request.GroupIds.Select(DescribeAsync).ToList();
        foreach (var described in await Task.WhenAll(descriptions).ConfigureAwait(false))
        {
            if (request.IncludeAuthorizedOperations && described.ErrorCode == ErrorCode.None)
            {
                described.AuthorizedOperations = GroupOperations.All;
            }

            response.Groups.Add(described);
        }

        return response;
    }

    private Task<ConsumerGroupDescribeResponse.DescribedGroup> DescribeAsync(string id) =>
        groups.AskAsync<ConsumerGroupDescribeResponse.DescribedGroup>(
            id,
            (shard, turn, reply) => shard.DescribeConsumerGroup(turn, id, reply),
            error => new() { GroupId = id, ErrorCode = error, ErrorMessage = error.Message() });
}
