using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Storage;

namespace FastLog.Broker.Handlers;

/// <summary>DeleteRecords: raises the log start offset. Answered when the new start is on disk.</summary>
internal sealed class DeleteRecordsHandler(ReplicaRegistry replicas)
    : RequestHandler<DeleteRecordsRequest, DeleteRecordsResponse>
{
    private const long HighWatermark = -1;

    public override ApiKey ApiKey => ApiKey.DeleteRecords;

    internal override async ValueTask<DeleteRecordsResponse> HandleAsync(
        RequestContext context, DeleteRecordsRequest request)
    {
        // Dropping segments and writing the checkpoint is disk work: not on the connection's read loop.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var response = new DeleteRecordsResponse();
        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.Name = topic.Name;
            foreach (var asked in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = asked.PartitionIndex;
                entry.LowWatermark = -1;
                entry.ErrorCode = Delete(topic.Name, asked, entry);
            }
        }

        return response;
    }

    private ErrorCode Delete(
        string topic,
        DeleteRecordsRequest.DeleteRecordsPartition asked,
        DeleteRecordsResponse.DeleteRecordsPartitionResult entry)
    {
        if (InternalTopics.IsInternal(topic))
        {
            return ErrorCode.InvalidTopicException;
        }

        if (replicas.Find(topic, asked.PartitionIndex) is not { } partition)
        {
            return replicas.WhyMissing(topic, asked.PartitionIndex);
        }

        if (!partition.Log.Config.IsDeleted)
        {
            return ErrorCode.PolicyViolation;
        }

        var before = asked.Offset == HighWatermark ? partition.HighWatermark : asked.Offset;
        if (before < 0 || before > partition.HighWatermark)
        {
            return ErrorCode.OffsetOutOfRange;
        }

        try
        {
            partition.Log.AdvanceLogStart(before);
        }
        catch (Exception e) when (e is IOException or LogUnavailableException)
        {
            return ErrorCode.KafkaStorageError;
        }

        entry.LowWatermark = partition.LogStartOffset;
        return ErrorCode.None;
    }
}
