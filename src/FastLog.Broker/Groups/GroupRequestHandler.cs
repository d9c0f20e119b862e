using FastLog.Broker.Requests;
using FastLog.Coordination;
using FastLog.Protocol;

namespace FastLog.Broker.Groups;

/// <summary>
/// A handler of requests about one group: gives them to the shard that keeps the group, in the order in which they came,
/// and answers when the shard does.
/// </summary>
internal abstract class GroupRequestHandler<TRequest, TResponse>(GroupCoordinator groups) : RequestHandler
    where TRequest : class, IMessage, new()
    where TResponse : class, IMessage
{
    internal sealed override void Handle(in RequestContext context, ref MessageReader body)
    {
        var request = Rent(context);
        request.Decode(ref body, context.Version);
        Keep(request);
        // The shard may answer from another thread before this one has returned.
        context.Response.MarkWaiting();
        var reply = new GroupReply<TResponse>(context);
        var origin = GroupOrigins.Of(context);
        groups.Run(
            GroupOf(request),
            (shard, turn) => Decide(shard, turn, origin, request, reply.Give),
            error => reply.Give(Fail(request, error)));
    }

    /// <summary>What the request is decoded into: a new one, unless it is done with when <see cref="Handle"/> returns.</summary>
    protected virtual TRequest Rent(in RequestContext context) => new();

    /// <summary>The group that the request is about.</summary>
    protected abstract string GroupOf(TRequest request);

    /// <summary>Has the shard decide.</summary>
    protected abstract void Decide(
        GroupShard shard, Turn turn, RequestOrigin origin, TRequest request, Action<TResponse> reply);

    /// <summary>The answer to a request that no shard has seen.</summary>
    protected abstract TResponse Fail(TRequest request, ErrorCode error);

    /// <summary>Copies the byte fields of a request that may wait: they refer to the frame, which is gone by then.</summary>
    protected virtual void Keep(TRequest request)
    {
    }
}
