using FastLog.Broker.Delayed;
using FastLog.Broker.FetchSessions;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// Fetch: records of many partitions in one answer, as they lie in the log. Waits for <c>min.bytes</c> up to
/// <c>max.wait</c>; sessions (KIP-227) keep the list of partitions from request to request.
/// </summary>
internal sealed class FetchHandler : RequestHandler
{
    private const int ConsumerReplicaId = -1;
    private const short ZstdVersionMin = 10;

    // A frame's length is 31 bits; half of it leaves room for a first batch above the limit and for the headers.
    private const int FrameRecordsMaxBytes = 1 << 30;

    private readonly FetchSessionCache _sessions;
    private readonly OperationPool<FetchOperation> _operations;
    private readonly int _fetchMaxBytes;

    /// <summary>Creates the handler.</summary>
    /// <param name="replicas">Partitions of this node.</param>
    /// <param name="wheel">Deadlines of waiting fetches.</param>
    /// <param name="sessions">Incremental fetch sessions.</param>
    /// <param name="fetchMaxBytes"><c>fetch.max.bytes</c>: upper limit of one answer whatever the request says.</param>
    public FetchHandler(ReplicaRegistry replicas, TimerWheel wheel, FetchSessionCache sessions, int fetchMaxBytes)
    {
        _sessions = sessions;
        _fetchMaxBytes = Math.Min(fetchMaxBytes, FrameRecordsMaxBytes);
        var responses = new FetchResponses();
        _operations = new(pool => new FetchOperation(pool, wheel, replicas, responses));
    }

    public override ApiKey ApiKey => ApiKey.Fetch;

    /// <summary>Fetches that are worked on or wait for records.</summary>
    public int UnderWayCount => _operations.RentedCount;

    /// <summary>Incremental fetch sessions.</summary>
    public FetchSessionCache Sessions => _sessions;

    internal override void Handle(in RequestContext context, ref MessageReader body)
    {
        var request = context.State.Fetch;
        request.Decode(ref body, context.Version);
        var replicaId = context.Version >= 15 ? request.ReplicaState.ReplicaId : request.ReplicaId;
        var session = FetchContext.For(request, context.Version, _sessions, follower: replicaId > ConsumerReplicaId);
        var limits = new FetchLimits(
            request.MinBytes,
            Math.Min(request.MaxBytes, _fetchMaxBytes),
            session.Error == ErrorCode.None ? request.MaxWaitMs : 0,
            ReadCommitted: request.IsolationLevel == 1,
            MayHaveZstd: context.Version >= ZstdVersionMin);

        var operation = _operations.Rent();
        operation.Begin(context, session, limits);
        AddTargets(operation.Reads, request, session, usesTopicIds: context.Version >= 13);
        operation.Start();
    }

    private static void AddTargets(
        FetchReads reads, FetchRequest request, in FetchContext context, bool usesTopicIds)
    {
        if (context.Error != ErrorCode.None)
        {
            return;
        }

        if (context.Session is { } session)
        {
            lock (session)
            {
                for (var node = session.InOrder.First; node is not null; node = node.Next)
                {
                    reads.Add(node.Value.Request, node);
                }
            }

            return;
        }

        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                reads.Add(FetchContext.TargetOf(topic, partition, usesTopicIds), null);
            }
        }
    }
}
