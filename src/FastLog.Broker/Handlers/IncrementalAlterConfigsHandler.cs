using FastLog.Broker.Loggers;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// IncrementalAlterConfigs: changes single keys. Answered when the change is in force and on disk; the levels of loggers
/// are this process' alone and last as long as it does, as in Kafka.
/// </summary>
internal sealed class IncrementalAlterConfigsHandler(Controller controller, LoggerConfigs loggers)
    : RequestHandler<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>
{
    public override ApiKey ApiKey => ApiKey.IncrementalAlterConfigs;

    internal override async ValueTask<IncrementalAlterConfigsResponse> HandleAsync(
        RequestContext context, IncrementalAlterConfigsRequest request)
    {
        var alterations = request.Resources.Select(ToAlteration).ToList();
        var ofLoggers = alterations.Where(IsLoggers).ToList();
        var results = await controller
            .AlterConfigsAsync(
                [.. alterations.Where(alteration => !IsLoggers(alteration))], request.ValidateOnly, CancellationToken.None)
            .ConfigureAwait(false);
        var response = new IncrementalAlterConfigsResponse();
        foreach (var result in results.Concat(ofLoggers
            .GroupBy(alteration => alteration.Resource)
            .Select(group => loggers.Alter([.. group], request.ValidateOnly))))
        {
            var entry = response.Responses.Add();
            entry.ResourceType = (sbyte)result.Resource.Type;
            entry.ResourceName = result.Resource.Name;
            entry.ErrorCode = result.Error;
            entry.ErrorMessage = result.Error == ErrorCode.None ? null : result.Message ?? result.Error.Message();
        }

        return response;
    }

    private static bool IsLoggers(ConfigAlteration alteration) =>
        alteration.Resource.Type == ConfigResourceType.BrokerLogger;

    private static ConfigAlteration ToAlteration(IncrementalAlterConfigsRequest.AlterConfigsResource resource) => new(
        new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
        [
            .. resource.Configs.Select(config => new ConfigOperation(
                config.Name, (ConfigOperationKind)config.ConfigOperation, config.Value)),
        ]);
}
