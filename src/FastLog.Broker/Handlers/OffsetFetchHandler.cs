using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>OffsetFetch: committed offsets, of one group up to version 7 and of many from version 8 (KIP-709).</summary>
internal sealed class OffsetFetchHandler(GroupCoordinator groups)
    : RequestHandler<OffsetFetchRequest, OffsetFetchResponse>
{
    private const short FirstVersionOfManyGroups = 8;
    private const short FirstVersionOfGroupErrors = 2;

    public override ApiKey ApiKey => ApiKey.OffsetFetch;

    internal override async ValueTask<OffsetFetchResponse> HandleAsync(RequestContext context, OffsetFetchRequest request)
    {
        if (context.Version < FirstVersionOfManyGroups)
        {
            var asked = ToGroup(request);
            return ToOldForm(await FetchAsync(asked, request.RequireStable).ConfigureAwait(false), asked, context.Version);
        }

        var response = new OffsetFetchResponse();
        var fetches = request.Groups.Select(group => FetchAsync(group, request.RequireStable)).ToList();
        foreach (var fetched in await Task.WhenAll(fetches).ConfigureAwait(false))
        {
            response.Groups.Add(fetched);
        }

        return response;
    }

    private Task<OffsetFetchResponse.OffsetFetchResponseGroup> FetchAsync(
        OffsetFetchRequest.OffsetFetchRequestGroup group, bool mustBeStable) =>
        groups.AskAsync<OffsetFetchResponse.OffsetFetchResponseGroup>(
            group.GroupId,
            (shard, turn, reply) => shard.OffsetFetch(turn, group, mustBeStable, reply),
            error => new() { GroupId = group.GroupId, ErrorCode = error });

    private static OffsetFetchRequest.OffsetFetchRequestGroup ToGroup(OffsetFetchRequest request)
    {
        var group = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = request.GroupId, Topics = null };
        if (request.Topics is { } topics)
        {
            group.Topics = [];
            foreach (var topic in topics)
            {
                var entry = group.Topics.Add();
                entry.Name = topic.Name;
                entry.PartitionIndexes.AddRange(topic.PartitionIndexes);
            }
        }

        return group;
    }

    private static OffsetFetchResponse ToOldForm(
        OffsetFetchResponse.OffsetFetchResponseGroup fetched,
        OffsetFetchRequest.OffsetFetchRequestGroup asked,
        short version)
    {
        var response = new OffsetFetchResponse { ErrorCode = fetched.ErrorCode };
        if (fetched.ErrorCode != ErrorCode.None && version < FirstVersionOfGroupErrors)
        {
            // Version 1 has no place for it but the partitions.
            foreach (var topic in asked.Topics ?? [])
            {
                var entry = response.Topics.Add();
                entry.Name = topic.Name;
                foreach (var partition in topic.PartitionIndexes)
                {
                    Set(entry.Partitions.Add(), partition, -1, -1, "", fetched.ErrorCode);
                }
            }

            return response;
        }

        foreach (var topic in fetched.Topics)
        {
            var entry = response.Topics.Add();
            entry.Name = topic.Name;
            foreach (var found in topic.Partitions)
            {
                Set(
                    entry.Partitions.Add(),
                    found.PartitionIndex,
                    found.CommittedOffset,
                    found.CommittedLeaderEpoch,
                    found.Metadata,
                    found.ErrorCode);
            }
        }

        return response;
    }

    private static void Set(
        OffsetFetchResponse.OffsetFetchResponsePartition entry,
        int partition,
        long offset,
        int leaderEpoch,
        string? metadata,
        ErrorCode error)
    {
        (entry.PartitionIndex, entry.CommittedOffset, entry.CommittedLeaderEpoch) = (partition, offset, leaderEpoch);
        (entry.Metadata, entry.ErrorCode) = (metadata, error);
    }
}
