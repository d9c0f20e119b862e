using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>AlterConfigs: replaces all that is set on a resource. Answered when the change is in force and on disk.</summary>
internal sealed class AlterConfigsHandler(Controller controller)
    : RequestHandler<AlterConfigsRequest, AlterConfigsResponse>
{
    public override ApiKey ApiKey => ApiKey.AlterConfigs;

    internal override async ValueTask<AlterConfigsResponse> HandleAsync(
        RequestContext context, AlterConfigsRequest request)
    {
        List<ConfigAlteration> alterations =
        [
            .. request.Resources.Select(resource => new ConfigAlteration(
                new ConfigResource((ConfigResourceType)resource.ResourceType, resource.ResourceName),
                [.. resource.Configs.Select(config => new ConfigOperation(config.Name, ConfigOperationKind.Set, config.Value))],
                ReplacesAll: true)),
        ];
        var results = await controller
            .AlterConfigsAsync(alterations, request.ValidateOnly, CancellationToken.None)
            .ConfigureAwait(false);
        var response = new AlterConfigsResponse();
        foreach (var result in results)
        {
            var entry = response.Responses.Add();
            entry.ResourceType = (sbyte)result.Resource.Type;
            entry.ResourceName = result.Resource.Name;
            entry.ErrorCode = result.Error;
            entry.ErrorMessage = result.Error == ErrorCode.None ? null : result.Message ?? result.Error.Message();
        }

        return response;
    }
}
