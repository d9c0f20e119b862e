using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>ListClientMetricsResources, which newer versions than Kafka 4.0's call ListConfigResources.</summary>
internal sealed class ListClientMetricsResourcesHandler(IBrokerView broker)
    : RequestHandler<ListClientMetricsResourcesRequest, ListClientMetricsResourcesResponse>
{
    public override ApiKey ApiKey => ApiKey.ListClientMetricsResources;

    internal override ValueTask<ListClientMetricsResourcesResponse> HandleAsync(
        RequestContext context, ListClientMetricsResourcesRequest request)
    {
        var response = new ListClientMetricsResourcesResponse();
        foreach (var name in broker.Image.Configs.Keys
            .Where(resource => resource.Type == ConfigResourceType.ClientMetrics)
            .Select(resource => resource.Name)
            .Order(StringComparer.Ordinal))
        {
            response.ClientMetricsResources.Add().Name = name;
        }

        return ValueTask.FromResult(response);
    }
}
