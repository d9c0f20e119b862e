using FastLog.Broker.Requests;
using FastLog.Broker.Telemetry;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>GetTelemetrySubscriptions: which metrics a client is to push, and how often (KIP-714).</summary>
internal sealed class GetTelemetrySubscriptionsHandler(TelemetryDesk desk)
    : RequestHandler<GetTelemetrySubscriptionsRequest, GetTelemetrySubscriptionsResponse>
{
    public override ApiKey ApiKey => ApiKey.GetTelemetrySubscriptions;

    internal override ValueTask<GetTelemetrySubscriptionsResponse> HandleAsync(
        RequestContext context, GetTelemetrySubscriptionsRequest request)
    {
        var id = request.ClientInstanceId == Guid.Empty ? Guid.NewGuid() : request.ClientInstanceId;
        var (error, subscription) = desk.Ask(context, id);
        var response = new GetTelemetrySubscriptionsResponse { ErrorCode = error };
        if (error == ErrorCode.None)
        {
            response.ClientInstanceId = id;
            response.SubscriptionId = subscription.Id;
            response.PushIntervalMs = subscription.PushIntervalMs;
            response.TelemetryMaxBytes = desk.BytesMax;
            response.DeltaTemporality = true;
            foreach (var type in ClientTelemetry.CompressionTypes)
            {
                response.AcceptedCompressionTypes.Add(type);
            }

            foreach (var metric in subscription.Metrics)
            {
                response.RequestedMetrics.Add(metric);
            }
        }

        return ValueTask.FromResult(response);
    }
}
