using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DeleteTopics: by name, or by topic id from version 6.</summary>
internal sealed class DeleteTopicsHandler(Controller controller)
    : RequestHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    public override ApiKey ApiKey => ApiKey.DeleteTopics;

    internal override async ValueTask<DeleteTopicsResponse> HandleAsync(
        RequestContext context, DeleteTopicsRequest request)
    {
        List<TopicReference> wanted = context.Version >= 6
            ? [.. request.Topics.Select(topic => new TopicReference(topic.Name, topic.TopicId))]
            : [.. request.TopicNames.Select(name => new TopicReference(name, Guid.Empty))];
        var results = await controller.DeleteTopicsAsync(wanted, CancellationToken.None).ConfigureAwait(false);
        var response = new DeleteTopicsResponse();
        foreach (var result in results)
        {
            var entry = response.Responses.Add();
            // Versions before 6 have no null name; they are asked by name, so there is one.
            entry.Name = context.Version >= 6 ? result.Name : result.Name ?? "";
            entry.TopicId = result.TopicId;
            entry.ErrorCode = ErrorIn(context.Version, result.Error);
            entry.ErrorMessage = result.Error == ErrorCode.None ? null : result.Message ?? result.Error.Message();
        }

        return response;
    }

    /// <summary>TOPIC_DELETION_DISABLED came with version 3.</summary>
    private static ErrorCode ErrorIn(short version, ErrorCode error) =>
        error == ErrorCode.TopicDeletionDisabled && version < 3 ? ErrorCode.InvalidRequest : error;
}
