using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeGroups: classic groups with their members.</summary>
internal sealed class DescribeGroupsHandler(GroupCoordinator groups)
    : RequestHandler<DescribeGroupsRequest, DescribeGroupsResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeGroups;

    internal override async ValueTask<DescribeGroupsResponse> HandleAsync(
        RequestContext context, DescribeGroupsRequest request)
    {
        var response = new DescribeGroupsResponse();
        var descriptions = request.Groups.Select(id => DescribeAsync(id, context.Version)).ToList();
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

    private Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync(string id, short version) =>
        groups.AskAsync<DescribeGroupsResponse.DescribedGroup>(
            id,
            (shard, turn, reply) => shard.DescribeGroup(turn, version, id, reply),
            error => new() { GroupId = id, ErrorCode = error });
}
