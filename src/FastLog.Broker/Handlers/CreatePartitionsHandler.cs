using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>CreatePartitions: more partitions for existing topics.</summary>
internal sealed class CreatePartitionsHandler(Controller controller)
    : RequestHandler<CreatePartitionsRequest, CreatePartitionsResponse>
{
    public override ApiKey ApiKey => ApiKey.CreatePartitions;

    internal override async ValueTask<CreatePartitionsResponse> HandleAsync(
        RequestContext context, CreatePartitionsRequest request)
    {
        var wanted = request.Topics.Select(ToMorePartitions).ToList();
        var results = await controller
            .CreatePartitionsAsync(wanted, request.ValidateOnly, CancellationToken.None)
            .ConfigureAwait(false);
        var response = new CreatePartitionsResponse();
        foreach (var result in results)
        {
            var entry = response.Results.Add();
            entry.Name = result.Name;
            entry.ErrorCode = result.Error;
            entry.ErrorMessage = result.Error == ErrorCode.None ? null : result.Message ?? result.Error.Message();
        }

        return response;
    }

    private static MorePartitions ToMorePartitions(CreatePartitionsRequest.CreatePartitionsTopic topic) => new(
        topic.Name,
        topic.Count,
        topic.Assignments?.Select(assignment => (IReadOnlyList<int>)[.. assignment.BrokerIds]).ToList());
}
