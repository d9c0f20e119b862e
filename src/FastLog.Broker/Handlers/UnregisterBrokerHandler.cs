using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>UnregisterBroker (KIP-631): forgets a broker that is gone; this one, which runs, is refused.</summary>
internal sealed class UnregisterBrokerHandler(IBrokerView broker, Controller controller)
    : RequestHandler<UnregisterBrokerRequest, UnregisterBrokerResponse>
{
    public override ApiKey ApiKey => ApiKey.UnregisterBroker;

    internal override async ValueTask<UnregisterBrokerResponse> HandleAsync(
        RequestContext context, UnregisterBrokerRequest request)
    {
        var error = await controller
            .UnregisterBrokerAsync(request.BrokerId, broker.NodeId, CancellationToken.None)
            .ConfigureAwait(false);
        return new UnregisterBrokerResponse
        {
            ErrorCode = error,
            ErrorMessage = error == ErrorCode.InvalidRequest ? $"Broker {request.BrokerId} is running." : "",
        };
    }
}
