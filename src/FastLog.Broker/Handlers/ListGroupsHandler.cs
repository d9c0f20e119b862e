using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>ListGroups: all groups coordinated here, or those in given states and of given types (KIP-518, KIP-848).</summary>
internal sealed class ListGroupsHandler(GroupCoordinator groups) : RequestHandler<ListGroupsRequest, ListGroupsResponse>
{
    public override ApiKey ApiKey => ApiKey.ListGroups;

    internal override async ValueTask<ListGroupsResponse> HandleAsync(RequestContext context, ListGroupsRequest request)
    {
        var response = new ListGroupsResponse();
        var listings = await Task.WhenAll(groups.Runners.Select(ListAsync)).ConfigureAwait(false);
        foreach (var listing in listings)
        {
            // A shard that has just moved has its groups elsewhere; one that loads makes the list incomplete.
            if (listing.Error == ErrorCode.NotCoordinator)
            {
                continue;
            }

            if (listing.Error != ErrorCode.None)
            {
                response.ErrorCode = listing.Error;
                response.Groups.Clear();
                return response;
            }

            foreach (var group in listing.Groups)
            {
                var type = group.Type.ToString().ToLowerInvariant();
                if (IsWanted(request.StatesFilter, group.State) && IsWanted(request.TypesFilter, type))
                {
                    var entry = response.Groups.Add();
                    (entry.GroupId, entry.ProtocolType) = (group.Id, group.ProtocolType);
                    (entry.GroupState, entry.GroupType) = (group.State, type);
                }
            }
        }

        return response;
    }

    private static Task<GroupListing> ListAsync(ShardRunner runner) => runner.AskAsync<GroupListing>(
        (shard, turn, reply) => shard.ListGroups(turn, reply), GroupErrors.Respond<GroupListing>);

    private static bool IsWanted(MessageList<string> filter, string value) =>
        filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
