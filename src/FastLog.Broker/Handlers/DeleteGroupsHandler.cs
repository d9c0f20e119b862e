using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DeleteGroups: groups without members, with their offsets.</summary>
internal sealed class DeleteGroupsHandler(GroupCoordinator groups)
    : RequestHandler<DeleteGroupsRequest, DeleteGroupsResponse>
{
    public override ApiKey ApiKey => ApiKey.DeleteGroups;

    internal override async ValueTask<DeleteGroupsResponse> HandleAsync(RequestContext context, DeleteGroupsRequest request)
    {
        var response = new DeleteGroupsResponse();
        var deletions = request.GroupsNames.Distinct(StringComparer.Ordinal).Select(DeleteAsync).ToList();
        foreach (var result in await Task.WhenAll(deletions).ConfigureAwait(false))
        {
            response.Results.Add(result);
        }

        return response;
    }

    private Task<DeleteGroupsResponse.DeletableGroupResult> DeleteAsync(string id) =>
        groups.AskAsync<DeleteGroupsResponse.DeletableGroupResult>(
            id,
            (shard, turn, reply) => shard.DeleteGroup(turn, id, reply),
            error => new() { GroupId = id, ErrorCode = error });
}
