using FastLog.Broker.Requests;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeCluster: cluster id, controller and brokers.</summary>
internal sealed class DescribeClusterHandler(IBrokerView broker)
    : RequestHandler<DescribeClusterRequest, DescribeClusterResponse>
{
    private const sbyte BrokerEndpoints = 1;

    public override ApiKey ApiKey => ApiKey.DescribeCluster;

    internal override ValueTask<DescribeClusterResponse> HandleAsync(
        RequestContext context, DescribeClusterRequest request)
    {
        var image = broker.Image;
        var response = new DescribeClusterResponse { ClusterId = image.ClusterId, ControllerId = broker.NodeId };
        if (request.EndpointType != BrokerEndpoints)
        {
            // KIP-919: controllers are asked on a controller listener.
            response.ErrorCode = ErrorCode.MismatchedEndpointType;
            response.ErrorMessage = "The request was sent to an endpoint of the wrong type.";
            response.ControllerId = -1;
            return ValueTask.FromResult(response);
        }

        foreach (var node in image.Brokers)
        {
            var endPoint = node.FindEndPoint(context.Connection.ListenerName);
            if (endPoint is null || (node.IsFenced && !request.IncludeFencedBrokers))
            {
                continue;
            }

            var entry = response.Brokers.Add();
            entry.BrokerId = node.Id;
            entry.Host = endPoint.Host;
            entry.Port = endPoint.Port;
            entry.Rack = node.Rack;
            entry.IsFenced = node.IsFenced;
        }

        return ValueTask.FromResult(response);
    }
}
