using FastLog.Broker.Groups;
using FastLog.Broker.Requests;
using FastLog.Broker.Topics;
using FastLog.Cluster;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// FindCoordinator: the leader of the partition that keeps a group or a transactional id. Creates the coordinator's
/// topic when it is asked for the first time.
/// </summary>
internal sealed class FindCoordinatorHandler(IBrokerView broker, TopicCreation topics, GroupService groups)
    : RequestHandler<FindCoordinatorRequest, FindCoordinatorResponse>
{
    private const sbyte GroupKey = 0;
    private const sbyte TransactionKey = 1;

    public override ApiKey ApiKey => ApiKey.FindCoordinator;

    internal override async ValueTask<FindCoordinatorResponse> HandleAsync(
        RequestContext context, FindCoordinatorRequest request)
    {
        var response = new FindCoordinatorResponse();
        if (context.Version < 4)
        {
            var found = await FindAsync(request.Key, request.KeyType, context).ConfigureAwait(false);
            response.ErrorCode = found.ErrorCode;
            // Versions before 4 say NONE where there is nothing to say.
            response.ErrorMessage = found.ErrorCode == ErrorCode.None ? ErrorCode.None.Name() : found.ErrorCode.Message();
            (response.NodeId, response.Host, response.Port) = (found.NodeId, found.Host, found.Port);
            return response;
        }

        foreach (var key in request.CoordinatorKeys)
        {
            var found = await FindAsync(key, request.KeyType, context).ConfigureAwait(false);
            var entry = response.Coordinators.Add();
            entry.Key = key;
            entry.ErrorCode = found.ErrorCode;
            entry.ErrorMessage = found.ErrorCode.Message();
            (entry.NodeId, entry.Host, entry.Port) = (found.NodeId, found.Host, found.Port);
        }

        return response;
    }

    private async ValueTask<Coordinator> FindAsync(string key, sbyte keyType, RequestContext context)
    {
        var topic = keyType switch
        {
            GroupKey => InternalTopics.ConsumerOffsets,
            TransactionKey => InternalTopics.TransactionState,
            _ => null,
        };
        if (topic is null)
        {
            return Coordinator.None(ErrorCode.InvalidRequest);
        }

        if (broker.Image.FindTopic(topic) is null)
        {
            await topics.CreateInternalAsync(topic, CancellationToken.None).ConfigureAwait(false);
            // Who is told where the coordinator is finds it ready.
            await groups.Followed.ConfigureAwait(false);
        }

        var image = broker.Image;
        if (image.FindTopic(topic) is not { } known)
        {
            return Coordinator.None(ErrorCode.CoordinatorNotAvailable);
        }

        var leader = known.Partitions[CoordinatorPartition.For(key, known.PartitionsCount)].Leader;
        return image.FindBroker(leader)?.FindEndPoint(context.Connection.ListenerName) is { } endPoint
            ? new Coordinator(ErrorCode.None, leader, endPoint.Host, endPoint.Port)
            : Coordinator.None(ErrorCode.CoordinatorNotAvailable);
    }

    private readonly record struct Coordinator(ErrorCode ErrorCode, int NodeId, string Host, int Port)
    {
        public static Coordinator None(ErrorCode error) => new(error, -1, "", -1);
    }
}
