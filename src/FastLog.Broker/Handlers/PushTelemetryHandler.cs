using FastLog.Broker.Requests;
using FastLog.Broker.Telemetry;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>PushTelemetry: takes the metrics of a client that was asked for them (KIP-714).</summary>
internal sealed class PushTelemetryHandler(TelemetryDesk desk)
    : RequestHandler<PushTelemetryRequest, PushTelemetryResponse>
{
    public override ApiKey ApiKey => ApiKey.PushTelemetry;

    internal override ValueTask<PushTelemetryResponse> HandleAsync(RequestContext context, PushTelemetryRequest request)
    {
        var push = new TelemetryPush(
            request.SubscriptionId, request.Terminating, request.CompressionType, request.Metrics.Length);
        return ValueTask.FromResult(new PushTelemetryResponse
        {
            ErrorCode = desk.Push(context, request.ClientInstanceId, push),
        });
    }
}
